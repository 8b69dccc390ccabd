import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/*.test.ts'],
    globalSetup: 'src/setup.ts',
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    // Bundlers and browsers are heavy enough.
    maxWorkers: 2,
  },
})

export default config
