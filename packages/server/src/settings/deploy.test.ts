/** What the repository deploys sets only what there is to set. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { environmentName, readSettings, SETTINGS } from './index.ts'

const root = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const manifests = readdirSync(new URL('deploy/kubernetes', root)).map((name) => `deploy/kubernetes/${name}`)

it.each(['Dockerfile', 'deploy/compose.yaml', ...manifests])('%s', (path) => {
  const known = ['PTRM_CONFIG', ...SETTINGS.map(environmentName)]
  // Redis is the workers', not the service's.
  for (const [name] of read(path).matchAll(/PTRM_(?!REDIS)[A-Z_]+/g)) expect(known).toContain(name)
})

it('calls the program where the image has it', () => {
  const [, entry] = /^ENTRYPOINT \["node", "(.+)"\]$/m.exec(read('Dockerfile')) ?? []
  for (const path of manifests)
    for (const [, called] of read(path).matchAll(/\bnode (\S+\.js)/g)) expect(called, path).toBe(entry)
  expect(read('deploy/kubernetes/shards.yaml')).toContain(`node ${entry} solve`)
})

it('waits for a drain to its end', () => {
  const seconds = readSettings().drain / 1000
  const of = (path: string, pattern: RegExp) => Number(pattern.exec(read(path))?.[1])
  expect(of('deploy/compose.yaml', /stop_grace_period: (\d+)s/)).toBeGreaterThan(seconds)
  const manifest = 'deploy/kubernetes/serve.yaml'
  const pause = of(manifest, /sleep: \{ seconds: (\d+) \}/)
  expect(of(manifest, /terminationGracePeriodSeconds: (\d+)/)).toBeGreaterThan(seconds + pause)
})
