/** Builds the element for plain pages: one script to name, its worker, kernel and weights beside it. */
import { defineConfig, type Plugin, type Rolldown, type UserConfig } from 'vite'

/** Names without hashes, so that pages can name the files; models and the kernel's two builds are told apart. */
function assetName(name: string, path = ''): string {
  const ending = /\.\w+$/.exec(name)?.[0] ?? ''
  const model = /\/weights\/([^/]+)\//.exec(path)?.[1]
  if (model) return `assets/${model}${ending}`
  return `assets/${name.slice(0, name.length - ending.length)}${path.includes('/relaxed/') ? '-relaxed' : ''}${ending}`
}

const names: Rolldown.OutputOptions = {
  chunkFileNames: ({ name, moduleIds }) => assetName(`${name}.js`, moduleIds[0]),
  assetFileNames: ({ names, originalFileNames }) => assetName(names[0] ?? 'asset', originalFileNames[0]),
}

/** What is imported on demand is imported, and no more: vite's own helper first fetches style sheets, of which there are none. */
function bareImports(): Plugin {
  return {
    name: 'ptrm-bare-imports',
    enforce: 'pre',
    load: (id) =>
      id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load()' : undefined,
  }
}

const config: UserConfig = defineConfig({
  // Relative, so that the folder can lie anywhere.
  base: './',
  publicDir: false,
  plugins: [bareImports()],
  worker: {
    format: 'es',
    rolldownOptions: { output: { ...names, entryFileNames: 'assets/[name].js' } },
  },
  build: {
    outDir: 'dist/standalone',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/index.ts',
      preserveEntrySignatures: 'strict',
      output: { ...names, entryFileNames: 'ptrm-solver.js' },
    },
  },
})

export default config
