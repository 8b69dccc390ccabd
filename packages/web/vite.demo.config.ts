/** Builds the demo page into demo/dist, with a service worker that knows the names of all its files. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

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
      const files = [
        './',
        ...kept.map(({ fileName }) => `./${fileName}`),
        ...publicFiles.map((name) => `./${name}`),
      ]
      const source = template
        .replace('/* by the build */ []', () => JSON.stringify(files))
        .replace('/* by the build */', () => hash.digest('hex').slice(0, 12))
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
