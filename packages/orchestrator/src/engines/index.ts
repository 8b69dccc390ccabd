/** The registry: a line an engine. What is exported as a value here is an engine's spec, and the only list of them. */
export * from './onnx/index.ts'
export * from './wasm/index.ts'
