/** `@ptrm/orchestrator/onnx`: writing TRMs as ONNX files, and running them on onnxruntime-node. Node only. */
export { OnnxEngine, type OnnxEngineOptions } from './engines/onnx/engine.ts'
export { loadRuntime, openSession, type Provider } from './engines/onnx/runtime.ts'
export { exportOnnx, type OnnxExportOptions } from './models/onnx/export.ts'
export { encodeModel, Graph } from './models/onnx/graph.ts'
