/** Installing CUDA, up to what only a GPU can show: what is planned, what is refused, what is put where, what is told. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { carryOut } from './install-cuda.ts'
import { cudaFolders, placesOf } from './libraries.ts'
import { pipInstall } from './pip.ts'
import { PROVIDER, planCuda, SHARED } from './plan.ts'
import { verdictOf } from './verify.ts'

const root = mkdtempSync(join(tmpdir(), 'ptrm-cuda-'))
afterAll(() => rmSync(root, { recursive: true }))
const folder = (name: string, ...files: readonly string[]) => {
  const made = join(root, name)
  mkdirSync(made, { recursive: true })
  for (const file of files) writeFileSync(join(made, file), '')
  return made
}
const runtime = (place: string, cuda?: string) => {
  return { package: root, version: '1.30.0', cuda, cudaWanted: join(place, PROVIDER) }
}

describe('the plan', () => {
  it('takes the package of the installed version from the index, and nothing where all is there', () => {
    const empty = folder('empty')
    expect(planCuda(undefined, runtime(empty))).toEqual({
      version: '1.30.0',
      folder: empty,
      provider: { from: 'index', what: 'onnxruntime-gpu==1.30.0' },
    })
    const full = folder('full', PROVIDER, SHARED)
    const file = join(full, PROVIDER)
    expect(planCuda(undefined, runtime(full, file)).provider).toEqual({ from: 'place', file })
    const half = folder('half', PROVIDER)
    expect(planCuda(undefined, runtime(half, join(half, PROVIDER))).provider).toMatchObject({ from: 'index' })
  })

  it('takes what it is given, and refuses what it can’t be', () => {
    const place = runtime(folder('place'))
    const given = folder('given', PROVIDER, SHARED, 'onnxruntime_gpu-1.30.0-cp312-cp312-linux_x86_64.whl')
    expect(planCuda(given, place).provider).toEqual({ from: 'folder', folder: given })
    expect(planCuda(join(given, PROVIDER), place).provider).toEqual({ from: 'folder', folder: given })
    const wheel = join(given, 'onnxruntime_gpu-1.30.0-cp312-cp312-linux_x86_64.whl')
    expect(planCuda(wheel, place).provider).toEqual({ from: 'wheel', what: wheel })
    const other = join(folder('other', 'onnxruntime_gpu-1.29.0-cp312-cp312-linux_x86_64.whl', PROVIDER))
    expect(() => planCuda(join(other, 'onnxruntime_gpu-1.29.0-cp312-cp312-linux_x86_64.whl'), place)).toThrow(
      'wanted a wheel of onnxruntime-gpu 1.30.0',
    )
    expect(() => planCuda(other, place)).toThrow(`${SHARED} is not in ${other}`)
    expect(() => planCuda(join(root, 'nowhere'), place)).toThrow('there is no such file')
  })

  it('needs onnxruntime-node, on Linux and x64', () => {
    const none = { package: undefined, version: undefined, cuda: undefined, cudaWanted: undefined }
    expect(() => planCuda(undefined, none)).toThrow(/onnxruntime-node is not installed: npm install/)
    expect(() => planCuda(undefined, { ...none, package: root, version: '1.30.0' })).toThrow('Linux on x64')
  })

  it('asks pip for the platform of the libraries, or for that of the wheel it is given', () => {
    expect(pipInstall(['a==1', 'b==2'], '/to').join(' ')).toMatch(
      /--python-version 3\.12 .*--platform manylinux_2_28_x86_64 .*--target \/to a==1 b==2$/,
    )
    expect(
      pipInstall(['/x/onnxruntime_gpu-1.30.0-cp313-cp313-manylinux_2_28_x86_64.whl'], '/to').join(' '),
    ).toMatch(/--python-version 3\.13 --platform manylinux_2_28_x86_64 --target/)
  })

  it('finds libraries in the first folder that has them', () => {
    const [a, b] = [folder('a', 'x.so'), folder('b', 'x.so', 'y.so')]
    expect([...placesOf(['x.so', 'y.so', 'z.so'], [a, b])]).toEqual([
      ['x.so', a],
      ['y.so', b],
    ])
    expect(cudaFolders(join(root, 'no-python'))).toEqual(expect.any(Array))
  })
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the installation', () => {
  // A library that links what every machine has.
  const harmless = /=> (\S+libm\.so\S*)/.exec(
    execFileSync('ldd', [process.execPath], { encoding: 'utf8' }),
  )![1]!
  const given = () => {
    const made = folder('libraries', SHARED)
    copyFileSync(harmless, join(made, PROVIDER))
    return made
  }

  it('puts both libraries into their place and leaves nothing beside them; again, it does nothing', async () => {
    const place = folder('binding')
    expect(await carryOut(planCuda(given(), runtime(place)), 'python3')).toHaveLength(1)
    expect(readdirSync(place).toSorted()).toEqual([PROVIDER, SHARED])
    expect(await carryOut(planCuda(undefined, runtime(place, join(place, PROVIDER))), 'python3')).toEqual([])
    expect(readdirSync(place)).toHaveLength(2)
  })

  it('takes them from what pip unpacks', async () => {
    const pip = join(root, 'pip')
    const lines = [
      '#!/bin/sh',
      'while [ "$1" != --target ]; do shift; done',
      'to=$2/onnxruntime/capi',
      'mkdir -p "$to"',
    ]
    writeFileSync(pip, [...lines, `cp ${harmless} "$to/${PROVIDER}"`, `touch "$to/${SHARED}"`].join('\n'))
    chmodSync(pip, 0o755)
    const place = folder('by-pip')
    const [done] = await carryOut(planCuda(undefined, runtime(place)), pip)
    expect(done).toContain('onnxruntime-gpu==1.30.0')
    expect(readdirSync(place).toSorted()).toEqual([PROVIDER, SHARED])
  })

  it('tells pip’s own words and the other way where it fails, and leaves nothing', async () => {
    const pip = join(root, 'no-pip')
    writeFileSync(pip, '#!/bin/sh\necho No module named pip >&2\nexit 1\n')
    chmodSync(pip, 0o755)
    const place = folder('without-pip')
    const failing = carryOut(planCuda(undefined, runtime(place)), pip)
    await expect(failing).rejects.toThrow(/No module named pip\n.*give it by --from/)
    await expect(carryOut(planCuda(undefined, runtime(place)), join(root, 'nothing'))).rejects.toThrow(
      'ENOENT',
    )
    expect(readdirSync(place)).toEqual([])
    expect(existsSync(place)).toBe(true)
  })
})

describe('the verdict', () => {
  const failure = (number: number, text: string) => {
    const reason = `CUDA failure ${number}: ${text} (cudaSetDevice(info_.device_id))`
    return { loads: false, reason }
  }
  const notOpened = (name: string) =>
    `Failed to load library /x/${PROVIDER} with error: ${name}: cannot open shared object file: No such file or directory`
  const failed = { loads: false, reason: 'Failed to load shared library' }

  it.each([
    ['works', { loads: true }, '', 'a session is open'],
    ['no-device', failure(35, 'CUDA driver version is insufficient'), '', 'driver version is insufficient'],
    ['no-device', failure(100, 'no CUDA-capable device is detected'), '', 'no CUDA-capable device'],
    ['fails', failure(2, 'out of memory'), '', 'out of memory'],
    ['no-driver', failed, notOpened('libcuda.so.1'), 'the NVIDIA driver'],
    [
      'library-not-found',
      failed,
      notOpened('libcublas.so.13'),
      'libcublas.so.13 is not found; it comes from CUDA 13',
    ],
    ['fails', failed, '', 'Failed to load shared library'],
  ] as const)('is %s for %o', (state, engine, stderr, says) => {
    expect(verdictOf(engine, stderr)).toEqual({ state, says: expect.stringContaining(says) })
  })
})
