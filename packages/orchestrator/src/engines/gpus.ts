/** The NVIDIA GPUs of this machine, as their driver's own tool lists them. Node only. */
import { outputOf } from './command.ts'

/** One NVIDIA GPU. */
export interface Gpu {
  readonly name: string
  readonly memoryBytes: number
  readonly driver: string
}

/** What nvidia-smi lists; nothing where it is missing. */
export function listGpus(): Gpu[] {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits']
  const output = outputOf('nvidia-smi', query)
  return output === undefined ? [] : parseGpus(output)
}

/** Reads the list of nvidia-smi, as `listGpus` asks for it; what is no such line is left out. */
export function parseGpus(output: string): Gpu[] {
  return output
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === 3 && Number.isFinite(Number(fields[1])))
    .map(([name, mebibytes, driver]) => {
      return { name: name!, memoryBytes: Number(mebibytes) * 2 ** 20, driver: driver! }
    })
}
