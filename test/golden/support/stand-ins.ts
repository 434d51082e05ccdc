/** Programs on the machine's PATH, shell scripts by their path: they print what the real ones are documented to print. */
export const programs: Readonly<Record<string, string>> = {
  'bin/docker': `case "$*" in
  --version) echo 'Docker version 28.2.2, build e6534b4' ;;
  *)
    echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
    exit 1
    ;;
esac`,
  'bin/kubectl': `case "$*" in
  'version --client') echo 'Client Version: v1.32.4' && echo 'Kustomize Version: v5.5.0' ;;
  'version --output=json'*)
    echo '{"clientVersion": {"gitVersion": "v1.32.4"}, "serverVersion": {"gitVersion": "v1.31.7"}}'
    ;;
  *) exit 1 ;;
esac`,
  'bin/nvidia-smi': `case "$1" in
  --query-gpu=uuid,name,*)
    echo 'GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, NVIDIA H100 80GB HBM3, 550.54.15, 37, 20480, 81920, 45, 180.25, 700.00'
    echo 'GPU-9c1d2f3a-7e44-11ef-8a5b-3c4d5e6f7a8b, NVIDIA H100 80GB HBM3, 550.54.15, 12, 1024, 81920, 38, [N/A], [N/A]'
    ;;
  --query-gpu=uuid,*)
    echo 'GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, 00000000:01:00.0, 81920, 550.54.15, Disabled, 9.0, NVIDIA H100 80GB HBM3'
    echo 'GPU-9c1d2f3a-7e44-11ef-8a5b-3c4d5e6f7a8b, 00000000:41:00.0, 81920, 550.54.15, Disabled, 9.0, NVIDIA H100 80GB HBM3'
    ;;
  *) exit 2 ;;
esac`,
  'bin/node': "echo 'v20.19.4'",
  'bin/git': "echo 'git version 2.47.3'",
  'bin/license': `[ "$1" = status ] && echo 'license: valid, tool version 3.1'`,
  'bin/slow': 'exec /bin/sleep 60',
  'bin/apt-get': "echo 'apt 3.0.3 (amd64)'",
  'shims/ruby': `set -e
[ -n "$RBENV_DEBUG" ] && set -x
program="\${0##*/}"
export RBENV_ROOT="$HOME/.rbenv"
exec "/usr/bin/rbenv" exec "$program" "$@"`,
  'more/git': "echo 'git version 2.39.5'",
}

/** Other files of the machine, by their path. What the program looks for at an absolute path lies below `root`. */
export const files: Readonly<Record<string, string>> = {
  'root/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\n',
  'root/dev/nvidia0': '',
  'root/dev/nvidia1': '',
  ...pciDevice('0000:01:00.0'),
  ...pciDevice('0000:41:00.0'),
  'root/sys/bus/usb/devices/.keep': '',
  'user/.kube/config': `apiVersion: v1
kind: Config
current-context: dev-cluster
contexts:
  - name: dev-cluster
    context: { cluster: dev, user: dev }
clusters:
  - name: dev
    cluster: { server: 'https://10.0.0.1:6443' }
`,
  'user/.config/nexus-registry/config.yaml': 'allow_private: [localhost]\n',
  'project/.nexus-registryrc.yaml': 'graph: { format: mermaid }\nquery: { format: yaml }\n',
  'work/filter.jq': '.docker.detected.version\n',
  'work/words.json': '["one", "two"]\n',
}

function pciDevice(address: string): Record<string, string> {
  const attributes = {
    vendor: '0x10de',
    device: '0x2330',
    class: '0x030200',
    'power/runtime_status': 'active',
  }
  const lines = Object.entries(attributes).map(([name, value]) => [
    `root/sys/bus/pci/devices/${address}/${name}`,
    `${value}\n`,
  ])
  return Object.fromEntries(lines)
}
