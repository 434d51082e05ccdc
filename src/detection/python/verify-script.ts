/**
 * Imports one module: argv is a marker and the module's name. Whatever the module prints goes to stderr,
 * so that stdout holds the answer alone, and nothing that it left behind (threads, exit handlers) is waited for.
 */
export const verifyScript = `
import json, os, sys, traceback

out = os.dup(1)
os.dup2(2, 1)
marker, name = sys.argv[1], sys.argv[2]
del sys.argv[1:]


def last_line(kind, value):
    lines = [line.strip() for line in ''.join(traceback.format_exception_only(kind, value)).splitlines()]
    lines = [line for line in lines if line]
    for index, line in enumerate(lines):
        head = line.split(':')[0]
        if head == kind.__name__ or head.endswith('.' + kind.__name__):
            message = line[len(head) + 1:].strip()
            return line if message else ' '.join([head + ':'] + lines[index + 1:index + 2]).rstrip(':')
    return lines[-1] if lines else kind.__name__


try:
    import importlib
    module = importlib.import_module(name)
    version = getattr(module, '__version__', None)
    answer = {'version': version if isinstance(version, type('')) or isinstance(version, type(u'')) else None}
except BaseException:
    answer = {'error': last_line(*sys.exc_info()[:2])}

try:
    encoded = json.dumps(answer)
except Exception:
    encoded = json.dumps({'error': 'an error that cannot be shown'} if 'error' in answer else {'version': None})
data = (marker + encoded + marker).encode('ascii')
while data:
    data = data[os.write(out, data):]
os._exit(0)
`
