/** What the doctor reads from other programs' output, what it advises, and what it finds here. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readModel } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { loadModelBytes } from '../node.ts'
import { diagnose } from './diagnose.ts'
import { parseGpus } from './gpus.ts'
import { cudaSteps, installCommand, parseMissing, sourceOf } from './onnx/install.ts'
import { cudaFailure } from './onnx/runtime.ts'

const GPU = { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81_559 * 2 ** 20, driver: '580.82.07' }
const WANTED = '/x/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so'
const bare = { package: undefined, version: undefined, cuda: undefined, cudaWanted: undefined }
const installed = { package: '/x', version: '1.30.0', cuda: undefined, cudaWanted: WANTED }

describe('the doctor', () => {
  it("reads nvidia-smi's list", () => {
    expect(parseGpus('NVIDIA H100 80GB HBM3, 81559, 580.82.07\nNVIDIA L4, 23034, 550.54.15\n')).toEqual([
      GPU,
      { name: 'NVIDIA L4', memoryBytes: 23_034 * 2 ** 20, driver: '550.54.15' },
    ])
    expect(parseGpus('NVIDIA-SMI has failed because it could not communicate with the driver.\n')).toEqual([])
    expect(parseGpus('')).toEqual([])
  })

  it('reads the libraries that ldd does not find, and tells whose they are', () => {
    const ldd = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibcublasLt.so.13 => not found',
      '\tlibcurand.so.10 => not found',
      '\tlibcuda.so.1 => not found',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
    ].join('\n')
    const missing = parseMissing(ldd)
    expect(missing).toEqual(['libcublasLt.so.13', 'libcurand.so.10', 'libcuda.so.1'])
    expect(missing.map(sourceOf)).toEqual(['CUDA 13', 'CUDA', 'the NVIDIA driver'])
    expect(sourceOf('libstdc++.so.6')).toBe('the system')
    expect(parseMissing('\tlibc.so.6 => /lib/libc.so.6 (0x0)')).toEqual([])
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'advises what is missing, and no more',
    () => {
      expect(cudaSteps(bare, []).map((step) => step.slice(0, 12))).toEqual([
        'no GPU found',
        'onnxruntime-',
        'the CUDA pro',
      ])
      expect(cudaSteps(installed, [GPU])).toEqual([expect.stringContaining('ptrm doctor --install-cuda')])
      // A library that links what every machine has.
      expect(cudaSteps({ ...installed, cuda: process.execPath }, [GPU])).toEqual([
        expect.stringContaining('all files are there'),
      ])
    },
  )

  it('tells a failure of CUDA without the C++ around it', () => {
    const message =
      '/onnxruntime_src/cuda_call.cc:146 std::conditional_t<THRW, void> CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=vm ; file=/onnxruntime_src/cuda_execution_provider.cc ; line=352 ; expr=cudaSetDevice(info_.device_id); \n\n'
    expect(cudaFailure(message)).toBe(
      'CUDA failure 100: no CUDA-capable device is detected (cudaSetDevice(info_.device_id))',
    )
    expect(cudaFailure('Failed to load shared library')).toBe('Failed to load shared library')
  })

  it('names the command that installs onnxruntime where it is looked for', () => {
    const here = fileURLToPath(import.meta.url)
    expect(installCommand(here)).toBe('npm install --ignore-scripts onnxruntime-node@1.30.0')
    // A project's folder has a package.json, the one of all global packages none.
    const project = fileURLToPath(new URL('../..', import.meta.url))
    const inside = join('node_modules', '@ptrm', 'cli', 'dist', 'js', 'main.js')
    expect(installCommand(join(project, inside))).toBe('npm install --ignore-scripts onnxruntime-node@1.30.0')
    expect(installCommand(join(project, 'src', inside))).toBe(
      'npm install --global --ignore-scripts onnxruntime-node@1.30.0',
    )
  })

  it('tries every engine of this machine', async () => {
    const found = await diagnose(readModel(await loadModelBytes('sudoku')))
    const loading = found.engines.filter(({ loads }) => loads)
    expect(loading.map(({ backend, detail }) => [backend, detail])).toEqual(
      expect.arrayContaining([
        ['wasm', 'simd128'],
        ['wasm', 'relaxed'],
        ['onnx-cpu', 'onnxruntime-node 1.30.0'],
      ]),
    )
    for (const { msPerRolloutStep } of loading) expect(msPerRolloutStep).toBeGreaterThan(0)
    const cuda = found.engines.find(({ backend }) => backend === 'onnx-cuda')!
    // On a machine with a GPU it may load; else the reason and the steps are there.
    const remedy = found.remedies.find(({ backend }) => backend === 'onnx-cuda')
    if (!cuda.loads) {
      expect(cuda.reason).toMatch(/libonnxruntime_providers_cuda|CUDA/)
      expect(remedy).toMatchObject({ for: 'CUDA', steps: expect.arrayContaining([expect.any(String)]) })
    } else expect(remedy).toBeUndefined()
  }, 60_000)
})
