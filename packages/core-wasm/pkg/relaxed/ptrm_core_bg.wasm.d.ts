/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_model_free: (a: number, b: number) => void;
export const __wbg_modelbuilder_free: (a: number, b: number) => void;
export const allocations: () => number;
export const fill_noise: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => void;
export const model_add_rows: (a: number, b: number, c: number, d: number) => void;
export const model_answer_ptr: (a: number, b: number) => number;
export const model_fit_rows: (a: number, b: number, c: number) => void;
export const model_latent_ptr: (a: number, b: number, c: number) => number;
export const model_logits_ptr: (a: number, b: number) => number;
export const model_place: (a: number, b: number, c: number, d: number) => void;
export const model_q_ptr: (a: number, b: number) => number;
export const model_read_rows: (a: number, b: number, c: number, d: number) => void;
export const model_rows_ptr: (a: number) => number;
export const model_set_rows: (a: number, b: number, c: number, d: number) => void;
export const model_start: (a: number, b: number, c: number, d: number) => void;
export const model_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => void;
export const model_tokens_ptr: (a: number) => number;
export const modelbuilder_build: (a: number, b: number, c: number, d: number, e: number, f: number) => void;
export const modelbuilder_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number) => number;
export const modelbuilder_tensor: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => void;
export const noise_key: (a: number, b: number, c: number, d: number, e: number) => bigint;
export const __wbindgen_export: (a: number, b: number) => number;
export const __wbindgen_add_to_stack_pointer: (a: number) => number;
export const __wbindgen_export2: (a: number, b: number, c: number, d: number) => number;
