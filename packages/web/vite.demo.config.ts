/** Builds the demo page into demo/dist, with a service worker that knows the names of all its files. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { bundledModel } from '@ptrm/orchestrator/browser'
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

/** Whether the page can open and solve its first puzzle without the file: weights of other kinds. */
function isForLater({ originalFileNames = [] }: { readonly originalFileNames?: readonly string[] }): boolean {
  const model = bundledModel(DEFAULT_KIND)?.name
  return originalFileNames.some((name) => name.endsWith('.safetensors') && !name.includes(`/${model}/`))
}

/** Fills the list of files and their version into demo/sw.js. */
function serviceWorker(): Plugin {
  return {
    name: 'ptrm-service-worker',
    apply: 'build',
    // After all files have their names.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const template = readFileSync(new URL('./demo/sw.js', import.meta.url), 'utf8')
      const kept = Object.values(bundle).filter(({ fileName }) => !/\.(?:md|map)$/.test(fileName))
      const publicFiles = readdirSync(new URL('./demo/public', import.meta.url))
      const hash = createHash('sha256')
      for (const part of kept) hash.update(part.type === 'chunk' ? part.code : part.source)
      for (const file of publicFiles)
        hash.update(readFileSync(new URL(`./demo/public/${file}`, import.meta.url)))
      const later = kept.filter((part) => part.type === 'asset' && isForLater(part))
      const first = kept.filter((part) => !later.includes(part))
      const listed = (names: readonly string[]) => JSON.stringify(names.map((name) => `./${name}`))
      const source = template
        .replace('/* by the build: first */ []', () =>
          listed(['', ...first.map(({ fileName }) => fileName), ...publicFiles]),
        )
        .replace('/* by the build: later */ []', () => listed(later.map(({ fileName }) => fileName)))
        .replace('/* by the build: version */', () => hash.digest('hex').slice(0, 12))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

const config: UserConfig = defineConfig({
  root: 'demo',
  base: './',
  plugins: [serviceWorker()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // No data: URLs, which strict policies forbid.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})

export default config
