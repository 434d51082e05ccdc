/**
 * Asks a Python for modules without importing any: argv is a marker and `[{name, distributions}]` as JSON.
 * Runs on every Python from 2.7 on, so it needs neither `importlib.metadata` (3.8) nor
 * `packages_distributions` (3.10), which reads the file list of every distribution there is: this reads
 * only those of modules that were found, after the entry's own candidates, with the same result.
 */
export const inspectScript = String.raw`
import json, os, re, sys

marker, request = sys.argv[1], json.loads(sys.argv[2])
here = os.path.realpath(os.getcwd())
watched = {}


def text(value):
    if not isinstance(value, bytes):
        value = os.fsencode(value) if hasattr(os, 'fsencode') else value.encode('utf-8')
    return value.decode('utf-8', 'replace')


def modified(path):
    try:
        return os.stat(path).st_mtime * 1000
    except OSError:
        return None


def watch(path):
    if path not in watched:
        watched[path] = modified(path)


def names(directory):
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def read(path):
    try:
        with open(path, 'rb') as file:
            return file.read().decode('utf-8', 'replace').replace('\r\n', '\n')
    except (IOError, OSError):
        return None


def outside(path):
    return os.path.isabs(path) and not (os.path.realpath(path) + os.sep).startswith(here + os.sep)


def locate(name, parent):
    if sys.version_info[0] == 2:
        import imp
        try:
            file, path, kind = imp.find_module(str(name.rpartition('.')[2]), parent)
        except ImportError:
            return None
        if file:
            file.close()
        if kind[2] == imp.PKG_DIRECTORY:
            return os.path.join(path, '__init__.py'), [path]
        return path, []
    import importlib.machinery, importlib.util
    try:
        if parent is None:
            spec = importlib.util.find_spec(name)
        else:
            # By its last part only: the spec of a nested namespace wants its parent imported.
            spec = importlib.machinery.PathFinder.find_spec(name.rpartition('.')[2], parent)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    # A directory without __init__ has a spec too. Its origin is None, before 3.7 the word namespace.
    origin = spec.origin if spec.loader is not None and spec.origin != 'namespace' else None
    return origin, list(spec.submodule_search_locations or [])


def find(name):
    parts, origin, locations = name.split('.'), None, None
    for index in range(len(parts)):
        found = locate('.'.join(parts[:index + 1]), locations)
        if found is None:
            return None
        origin, locations = found
        for location in locations:
            watch(location)
    return origin, locations


def plain(name):
    return re.sub(r'[-_.]+', '-', name).lower()


class Distribution(object):
    def __init__(self, directory, base, name):
        self.base, self.path = base, os.path.join(directory, name)
        self.name = name[:-len('.dist-info')].split('-')[0]

    def file(self, *candidates):
        for candidate in candidates:
            content = read(os.path.join(self.path, candidate))
            if content is not None:
                return content
        return ''

    def belongs(self, base):
        if self.base == base:
            return True
        return re.search(r'"editable"\s*:\s*true', self.file('direct_url.json')) is not None

    def provides(self, name):
        declared = self.file('top_level.txt').split()
        if declared and '.' not in name:
            return name in declared
        prefix = '\n' + name.replace('.', '/')
        record = '\n' + self.file('RECORD')
        return prefix + '/' in record or prefix + '.' in record

    def describe(self):
        metadata = self.file('METADATA', 'PKG-INFO') or read(self.path) or ''
        for candidate in ('METADATA', 'PKG-INFO', ''):
            path = os.path.join(self.path, candidate) if candidate else self.path
            if os.path.isfile(path):
                watch(path)
        head = metadata.split('\n\n')[0]
        field = lambda key: (re.findall(r'(?mi)^' + key + r':[ \t]*(\S[^\n]*)', head) or [None])[0]
        return {'name': field('Name') or self.name, 'version': field('Version')}


installed = []


def distributions():
    if not installed:
        for directory in directories:
            base = os.path.realpath(directory)
            for name in names(directory):
                # pip renames what it removes to ~name, and leaves it when it is stopped.
                if name.endswith(('.dist-info', '.egg-info')) and not name.startswith(('~', '-')):
                    installed.append(Distribution(directory, base, name))
    return installed


def providers(name, base, candidates):
    wanted = [plain(candidate) for candidate in candidates] + [plain(name)]
    known = sorted((d for d in distributions() if plain(d.name) in wanted), key=lambda d: wanted.index(plain(d.name)))
    likely = [d for d in known if d.belongs(base)]
    claimed = [d for d in likely if d.provides(name)]
    if not claimed:
        claimed = [d for d in distributions() if d.belongs(base) and d.provides(name)]
    return [d.describe() for d in (claimed or likely)[:8]]


def ask(name, candidates):
    found = find(name)
    if found is None:
        return {'name': name, 'state': 'missing'}
    origin, locations = found
    if origin is None:
        return {'name': name, 'state': 'namespace', 'path': text(locations[0]) if locations else None}
    path = os.path.dirname(origin) if locations else origin
    base = os.path.dirname(path)
    for part in name.split('.')[1:]:
        base = os.path.dirname(base)
    watch(origin)
    watch(path)
    return {
        'name': name,
        'state': 'found',
        'path': text(path),
        'stamp': [text(origin), modified(origin), modified(path)],
        'distributions': providers(name, os.path.realpath(base), candidates),
    }


def safely(entry):
    try:
        return ask(entry['name'], entry['distributions'])
    except Exception as error:
        return {'name': entry['name'], 'state': 'failed', 'reason': '%s: %s' % (type(error).__name__, error)}


# Packages that say which GPUs those modules are made for. Their names and versions stand in the names of directories.
accelerated = ('torch', 'tensorflow', 'jax', 'onnxruntime', 'vllm')
companion = re.compile(r'^(nvidia[-_]|jax[-_]|jaxlib|tensorflow|tf[-_]nightly|onnxruntime|ort[-_]nightly|libtpu)', re.I)


def companions(modules):
    if not any(module['name'] in accelerated and module['state'] == 'found' for module in modules):
        return []
    found = {}
    for directory in directories:
        for name in names(directory):
            parts = name[:-len('.dist-info')].split('-') if name.endswith('.dist-info') else []
            if len(parts) == 2 and companion.match(parts[0]):
                found.setdefault(plain(parts[0]), parts[1])
    return sorted([text(name), text(version)] for name, version in found.items())[:100]


def managed():
    library = os.path.join(os.path.dirname(os.__file__), 'EXTERNALLY-MANAGED')
    return getattr(sys, 'base_prefix', sys.prefix) == sys.prefix and os.path.isfile(library)


directories = [path for path in sys.path if path and outside(path)]
for directory in directories:
    watch(directory)
for directory in directories:
    for name in names(directory):
        if name.endswith('.pth'):
            watch(os.path.join(directory, name))
watch(os.path.join(sys.prefix, 'pyvenv.cfg'))

modules = [safely(entry) for entry in request]
answer = json.dumps({
    'version': '.'.join(str(part) for part in sys.version_info[:3]),
    'prefix': text(sys.prefix),
    'modules': modules,
    'companions': companions(modules),
    'machine': os.uname()[4] if hasattr(os, 'uname') else None,
    'managed': managed(),
    'watched': sorted([text(path), value] for path, value in watched.items()),
})
data = (marker + answer + marker).encode('ascii')
while data:
    data = data[os.write(1, data):]
os._exit(0)
`
