/**
 * What NVIDIA says of drivers, CUDA and GPUs. Only what decides whether a build can be used. Versions are compared part by
 * part as numbers.
 */

interface CudaDriver {
  /** CUDA toolkit, major and minor. */
  readonly cuda: string
  /** First driver for Linux that was shipped with it. */
  readonly linux: string
  /** First driver for Windows; null where none was shipped. WSL uses the driver of Windows. */
  readonly windows: string | null
}

/**
 * The newest first. Source: CUDA Toolkit release notes, table "CUDA Toolkit and Corresponding Driver Versions" (13.2 Update
 * 2, retrieved on 2026-11-29). There are newer toolkits, whose rows were not seen: nothing is claimed of them.
 */
export const cudaDrivers: readonly CudaDriver[] = [
  { cuda: '13.2', linux: '595.45.04', windows: null },
  { cuda: '13.1', linux: '590.44.01', windows: null },
  { cuda: '13.0', linux: '580.65.06', windows: null },
  { cuda: '12.9', linux: '575.51.03', windows: '576.02' },
  { cuda: '12.8', linux: '570.26', windows: '570.65' },
  { cuda: '12.6', linux: '560.28.03', windows: '560.76' },
  { cuda: '12.5', linux: '555.42.02', windows: '555.85' },
  { cuda: '12.4', linux: '550.54.14', windows: '551.61' },
  { cuda: '12.3', linux: '545.23.06', windows: '545.84' },
  { cuda: '12.2', linux: '535.54.03', windows: '536.25' },
  { cuda: '12.1', linux: '530.30.02', windows: '531.14' },
  { cuda: '12.0', linux: '525.60.13', windows: '527.41' },
  { cuda: '11.8', linux: '520.61.05', windows: '520.06' },
  { cuda: '11.7', linux: '515.43.04', windows: '516.01' },
  { cuda: '11.6', linux: '510.39.01', windows: '511.23' },
  { cuda: '11.5', linux: '495.29.05', windows: '496.04' },
  { cuda: '11.4', linux: '470.42.01', windows: '471.11' },
  { cuda: '11.3', linux: '465.19.01', windows: '465.89' },
  { cuda: '11.2', linux: '460.27.03', windows: '460.82' },
  { cuda: '11.1', linux: '455.23', windows: '456.38' },
  { cuda: '11.0', linux: '450.51.05', windows: '451.48' },
  { cuda: '10.2', linux: '440.33', windows: '441.22' },
  { cuda: '10.1', linux: '418.39', windows: '418.96' },
  { cuda: '10.0', linux: '410.48', windows: '411.31' },
  { cuda: '9.2', linux: '396.26', windows: '397.44' },
  { cuda: '9.1', linux: '390.46', windows: '391.29' },
  { cuda: '9.0', linux: '384.81', windows: '385.54' },
  { cuda: '8.0', linux: '375.26', windows: '376.51' },
]

interface CudaFamily {
  readonly major: number
  readonly linux: string
  /** Null where it is not documented. */
  readonly windows: string | null
}

/**
 * Lowest drivers by minor version compatibility: code for a GPU that was built with CUDA 12.8 runs on every driver of
 * the family 12. PTX does not: the driver that compiles it has to be as new as the toolkit. Source:
 * docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html, retrieved on 2026-11-29.
 */
export const cudaFamilies: readonly CudaFamily[] = [
  { major: 13, linux: '580', windows: null },
  { major: 12, linux: '525.60.13', windows: '527.41' },
  { major: 11, linux: '450.80.02', windows: '452.39' },
]

/**
 * Compute capabilities by name, without `NVIDIA`, `GeForce` and `Tesla`: for drivers whose nvidia-smi does not know
 * `compute_cap`. Source: developer.nvidia.com/cuda-gpus and /cuda-legacy-gpus, retrieved on 2026-11-29.
 */
export const capabilityNames: readonly (readonly [capability: string, names: readonly string[]])[] = [
  ['12.1', ['GB10']],
  [
    '12.0',
    [
      ...['RTX PRO 6000 Blackwell', 'RTX PRO 5000 Blackwell', 'RTX PRO 4500 Blackwell'],
      ...['RTX PRO 4000 Blackwell', 'RTX PRO 2000 Blackwell'],
      ...['RTX 5090', 'RTX 5080', 'RTX 5070', 'RTX 5060', 'RTX 5050'],
    ],
  ],
  ['10.3', ['GB300', 'B300']],
  ['10.0', ['GB200', 'B200']],
  ['9.0', ['GH200', 'H200', 'H100']],
  [
    '8.9',
    [
      ...['L4', 'L40', 'L40S', 'RTX 6000 Ada', 'RTX 5000 Ada', 'RTX 4500 Ada', 'RTX 4000 Ada'],
      ...['RTX 4000 SFF Ada', 'RTX 2000 Ada'],
      ...['RTX 4090', 'RTX 4080', 'RTX 4070', 'RTX 4060', 'RTX 4050'],
    ],
  ],
  [
    '8.6',
    [
      ...['A40', 'A10', 'A16', 'A2', 'RTX A6000', 'RTX A5000', 'RTX A4000', 'RTX A3000', 'RTX A2000'],
      ...['RTX 3090', 'RTX 3080', 'RTX 3070', 'RTX 3060', 'RTX 3050'],
    ],
  ],
  ['8.0', ['A100', 'A30']],
  [
    '7.5',
    [
      ...['T4', 'TITAN RTX', 'Quadro RTX 8000', 'Quadro RTX 6000', 'Quadro RTX 5000', 'Quadro RTX 4000'],
      ...['T1000', 'T600', 'T400', 'RTX 2080', 'RTX 2070', 'RTX 2060', 'GTX 1660 Ti', 'GTX 1650 Ti'],
    ],
  ],
  ['7.0', ['V100', 'Quadro GV100', 'TITAN V']],
  [
    '6.1',
    [...['P40', 'P4', 'TITAN Xp', 'TITAN X (Pascal)'], ...['GTX 1080', 'GTX 1070', 'GTX 1060', 'GTX 1050']],
  ],
  ['6.0', ['P100', 'Quadro GP100']],
  ['5.2', ['GTX TITAN X', 'GTX 980', 'GTX 970', 'GTX 960', 'GTX 950']],
  ['5.0', ['Quadro K2200', 'Quadro K1200', 'Quadro K620', 'GTX 750']],
  ['3.7', ['K80']],
  ['3.5', ['K40', 'K20', 'Quadro K6000']],
]
