import type { NextConfig } from 'next'

/** A folder of files, `out`, for any server. */
const config: NextConfig = { output: 'export' }

export default config
