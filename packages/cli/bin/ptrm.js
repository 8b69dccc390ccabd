#!/usr/bin/env node
// The `ptrm` command. Kept outside dist so that package managers can link it before the first build.
import { keepCompiled } from './compile-cache.js'

keepCompiled()
await import('../dist/js/main.js')
