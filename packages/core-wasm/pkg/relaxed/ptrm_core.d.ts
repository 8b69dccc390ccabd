/* tslint:disable */
/* eslint-disable */

/**
 * A loaded model with its rollout slots.
 */
export class Model {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Adds the latent in `rows` to z_L or z_H: noise of the caller's own.
     */
    add_rows(slot: number, to_z_h: boolean): void;
    answer_ptr(slot: number): number;
    /**
     * Gives `rows` the size of a slot's latent; it never allocates, as a larger board has been placed before.
     */
    fit_rows(slot: number): void;
    /**
     * z_L or z_H in panel order `[ceil(d / 8)][T][8]`.
     */
    latent_ptr(slot: number, of_z_h: boolean): number;
    logits_ptr(slot: number): number;
    /**
     * Makes room for a board of this size in `tokens` and in all buffers; the caller writes it there, then calls `start`.
     * Throws a string for a size that the model does not read.
     */
    place(rows: number, columns: number): void;
    q_ptr(slot: number): number;
    /**
     * Writes z_L or z_H row-major into `rows`.
     */
    read_rows(slot: number, of_z_h: boolean): void;
    rows_ptr(): number;
    /**
     * Replaces z_L or z_H by the latent in `rows`.
     */
    set_rows(slot: number, of_z_h: boolean): void;
    /**
     * Puts the board in `tokens` into a slot, with fresh latents. Throws a string for values out of range.
     */
    start(slot: number, puzzle_id: number): void;
    /**
     * Adds noise to the targets (bit 0: z_L, bit 1: z_H; none where sigma is 0), then runs one deep recursion step.
     */
    step(slot: number, seed_low: number, seed_high: number, rollout: number, step: number, sigma: number, targets: number): void;
    tokens_ptr(): number;
}

/**
 * Collects a model's tensors, then builds it.
 */
export class ModelBuilder {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Checks every weight and lays the model out. `answers` are the tokens that an answer may hold.
     * Throws the JSON of a `ModelError`.
     */
    build(scalar: boolean, slots: number, answers: Uint8Array): Model;
    /**
     * `seq_len`: 0 where boards may have any size. `positions`: 0 none, 1 RoPE, 2 learned. `tie`: empty for dense weights;
     * the six sizes of `units`; the two of `board`, then 1 where it knows rooms, else 0.
     */
    constructor(vocab: number, seq_len: number, prefix: number, hidden: number, heads: number, layers: number, h_cycles: number, l_cycles: number, positions: number, mlp_t: boolean, rms_eps: number, rope_theta: number, tie: Uint32Array);
    tensor(name: string, shape: Uint32Array, data: Float32Array): void;
}

/**
 * How often memory was allocated so far; a test holds `step` to not raising it.
 */
export function allocations(): number;

/**
 * Fills `out` with N(0, sigma^2): the noise of one latent (row-major `[T, d]`), step and rollout. For other engines.
 */
export function fill_noise(out: Float32Array, seed_low: number, seed_high: number, rollout: number, step: number, to_z_h: boolean, sigma: number): void;

/**
 * The key of one latent's noise, for graphs that make the noise themselves.
 */
export function noise_key(seed_low: number, seed_high: number, rollout: number, step: number, to_z_h: boolean): bigint;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_model_free: (a: number, b: number) => void;
    readonly __wbg_modelbuilder_free: (a: number, b: number) => void;
    readonly allocations: () => number;
    readonly fill_noise: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => void;
    readonly model_add_rows: (a: number, b: number, c: number, d: number) => void;
    readonly model_answer_ptr: (a: number, b: number) => number;
    readonly model_fit_rows: (a: number, b: number, c: number) => void;
    readonly model_latent_ptr: (a: number, b: number, c: number) => number;
    readonly model_logits_ptr: (a: number, b: number) => number;
    readonly model_place: (a: number, b: number, c: number, d: number) => void;
    readonly model_q_ptr: (a: number, b: number) => number;
    readonly model_read_rows: (a: number, b: number, c: number, d: number) => void;
    readonly model_rows_ptr: (a: number) => number;
    readonly model_set_rows: (a: number, b: number, c: number, d: number) => void;
    readonly model_start: (a: number, b: number, c: number, d: number) => void;
    readonly model_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => void;
    readonly model_tokens_ptr: (a: number) => number;
    readonly modelbuilder_build: (a: number, b: number, c: number, d: number, e: number, f: number) => void;
    readonly modelbuilder_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number) => number;
    readonly modelbuilder_tensor: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => void;
    readonly noise_key: (a: number, b: number, c: number, d: number, e: number) => bigint;
    readonly __wbindgen_export: (a: number, b: number) => number;
    readonly __wbindgen_add_to_stack_pointer: (a: number) => number;
    readonly __wbindgen_export2: (a: number, b: number, c: number, d: number) => number;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
