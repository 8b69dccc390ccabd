/* @ts-self-types="./ptrm_core.d.ts" */

/**
 * A loaded model with its rollout slots.
 */
export class Model {
    static __wrap(ptr) {
        const obj = Object.create(Model.prototype);
        obj.__wbg_ptr = ptr;
        ModelFinalization.register(obj, obj.__wbg_ptr, obj);
        return obj;
    }
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        ModelFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_model_free(ptr, 0);
    }
    /**
     * Adds the latent in `rows` to z_L or z_H: noise of the caller's own.
     * @param {number} slot
     * @param {boolean} to_z_h
     */
    add_rows(slot, to_z_h) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_add_rows(retptr, this.__wbg_ptr, slot, to_z_h);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * @param {number} slot
     * @returns {number}
     */
    answer_ptr(slot) {
        const ret = wasm.model_answer_ptr(this.__wbg_ptr, slot);
        return ret >>> 0;
    }
    /**
     * Gives `rows` the size of a slot's latent; it never allocates, as a larger board has been placed before.
     * @param {number} slot
     */
    fit_rows(slot) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_fit_rows(retptr, this.__wbg_ptr, slot);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * z_L or z_H in panel order `[ceil(d / 8)][T][8]`.
     * @param {number} slot
     * @param {boolean} of_z_h
     * @returns {number}
     */
    latent_ptr(slot, of_z_h) {
        const ret = wasm.model_latent_ptr(this.__wbg_ptr, slot, of_z_h);
        return ret >>> 0;
    }
    /**
     * @param {number} slot
     * @returns {number}
     */
    logits_ptr(slot) {
        const ret = wasm.model_logits_ptr(this.__wbg_ptr, slot);
        return ret >>> 0;
    }
    /**
     * Makes room for a board of this size in `tokens` and in all buffers; the caller writes it there, then calls `start`.
     * Throws a string for a size that the model does not read.
     * @param {number} rows
     * @param {number} columns
     */
    place(rows, columns) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_place(retptr, this.__wbg_ptr, rows, columns);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * @param {number} slot
     * @returns {number}
     */
    q_ptr(slot) {
        const ret = wasm.model_q_ptr(this.__wbg_ptr, slot);
        return ret >>> 0;
    }
    /**
     * Writes z_L or z_H row-major into `rows`.
     * @param {number} slot
     * @param {boolean} of_z_h
     */
    read_rows(slot, of_z_h) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_read_rows(retptr, this.__wbg_ptr, slot, of_z_h);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * @returns {number}
     */
    rows_ptr() {
        const ret = wasm.model_rows_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Replaces z_L or z_H by the latent in `rows`.
     * @param {number} slot
     * @param {boolean} of_z_h
     */
    set_rows(slot, of_z_h) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_set_rows(retptr, this.__wbg_ptr, slot, of_z_h);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * Puts the board in `tokens` into a slot, with fresh latents. Throws a string for values out of range.
     * @param {number} slot
     * @param {number} puzzle_id
     */
    start(slot, puzzle_id) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_start(retptr, this.__wbg_ptr, slot, puzzle_id);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * Adds noise to the targets (bit 0: z_L, bit 1: z_H; none where sigma is 0), then runs one deep recursion step.
     * @param {number} slot
     * @param {number} seed_low
     * @param {number} seed_high
     * @param {number} rollout
     * @param {number} step
     * @param {number} sigma
     * @param {number} targets
     */
    step(slot, seed_low, seed_high, rollout, step, sigma, targets) {
        try {
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            wasm.model_step(retptr, this.__wbg_ptr, slot, seed_low, seed_high, rollout, step, sigma, targets);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            if (r1) {
                throw takeObject(r0);
            }
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * @returns {number}
     */
    tokens_ptr() {
        const ret = wasm.model_tokens_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
}
if (Symbol.dispose) Model.prototype[Symbol.dispose] = Model.prototype.free;

/**
 * Collects a model's tensors, then builds it.
 */
export class ModelBuilder {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        ModelBuilderFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_modelbuilder_free(ptr, 0);
    }
    /**
     * Checks every weight and lays the model out. `answers` are the tokens that an answer may hold.
     * Throws the JSON of a `ModelError`.
     * @param {boolean} scalar
     * @param {number} slots
     * @param {Uint8Array} answers
     * @returns {Model}
     */
    build(scalar, slots, answers) {
        try {
            const ptr = this.__destroy_into_raw();
            const retptr = wasm.__wbindgen_add_to_stack_pointer(-16);
            const ptr0 = passArray8ToWasm0(answers, wasm.__wbindgen_export);
            const len0 = WASM_VECTOR_LEN;
            wasm.modelbuilder_build(retptr, ptr, scalar, slots, ptr0, len0);
            var r0 = getDataViewMemory0().getInt32(retptr + 4 * 0, true);
            var r1 = getDataViewMemory0().getInt32(retptr + 4 * 1, true);
            var r2 = getDataViewMemory0().getInt32(retptr + 4 * 2, true);
            if (r2) {
                throw takeObject(r1);
            }
            return Model.__wrap(r0);
        } finally {
            wasm.__wbindgen_add_to_stack_pointer(16);
        }
    }
    /**
     * `seq_len`: 0 where boards may have any size. `positions`: 0 none, 1 RoPE, 2 learned. `tie`: empty for dense weights;
     * the six sizes of `units`; the two of `board`, then 1 where it knows rooms, else 0.
     * @param {number} vocab
     * @param {number} seq_len
     * @param {number} prefix
     * @param {number} hidden
     * @param {number} heads
     * @param {number} layers
     * @param {number} h_cycles
     * @param {number} l_cycles
     * @param {number} positions
     * @param {boolean} mlp_t
     * @param {number} rms_eps
     * @param {number} rope_theta
     * @param {Uint32Array} tie
     */
    constructor(vocab, seq_len, prefix, hidden, heads, layers, h_cycles, l_cycles, positions, mlp_t, rms_eps, rope_theta, tie) {
        const ptr0 = passArray32ToWasm0(tie, wasm.__wbindgen_export);
        const len0 = WASM_VECTOR_LEN;
        const ret = wasm.modelbuilder_new(vocab, seq_len, prefix, hidden, heads, layers, h_cycles, l_cycles, positions, mlp_t, rms_eps, rope_theta, ptr0, len0);
        this.__wbg_ptr = ret;
        ModelBuilderFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * @param {string} name
     * @param {Uint32Array} shape
     * @param {Float32Array} data
     */
    tensor(name, shape, data) {
        const ptr0 = passStringToWasm0(name, wasm.__wbindgen_export, wasm.__wbindgen_export2);
        const len0 = WASM_VECTOR_LEN;
        const ptr1 = passArray32ToWasm0(shape, wasm.__wbindgen_export);
        const len1 = WASM_VECTOR_LEN;
        const ptr2 = passArrayF32ToWasm0(data, wasm.__wbindgen_export);
        const len2 = WASM_VECTOR_LEN;
        wasm.modelbuilder_tensor(this.__wbg_ptr, ptr0, len0, ptr1, len1, ptr2, len2);
    }
}
if (Symbol.dispose) ModelBuilder.prototype[Symbol.dispose] = ModelBuilder.prototype.free;

/**
 * How often memory was allocated so far; a test holds `step` to not raising it.
 * @returns {number}
 */
export function allocations() {
    const ret = wasm.allocations();
    return ret >>> 0;
}

/**
 * Fills `out` with N(0, sigma^2): the noise of one latent (row-major `[T, d]`), step and rollout. For other engines.
 * @param {Float32Array} out
 * @param {number} seed_low
 * @param {number} seed_high
 * @param {number} rollout
 * @param {number} step
 * @param {boolean} to_z_h
 * @param {number} sigma
 */
export function fill_noise(out, seed_low, seed_high, rollout, step, to_z_h, sigma) {
    var ptr0 = passArrayF32ToWasm0(out, wasm.__wbindgen_export);
    var len0 = WASM_VECTOR_LEN;
    wasm.fill_noise(ptr0, len0, addHeapObject(out), seed_low, seed_high, rollout, step, to_z_h, sigma);
}

/**
 * The key of one latent's noise, for graphs that make the noise themselves.
 * @param {number} seed_low
 * @param {number} seed_high
 * @param {number} rollout
 * @param {number} step
 * @param {boolean} to_z_h
 * @returns {bigint}
 */
export function noise_key(seed_low, seed_high, rollout, step, to_z_h) {
    const ret = wasm.noise_key(seed_low, seed_high, rollout, step, to_z_h);
    return BigInt.asUintN(64, ret);
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg___wbindgen_copy_to_typed_array_88899a52af046901: function(arg0, arg1, arg2) {
            new Uint8Array(getObject(arg2).buffer, getObject(arg2).byteOffset, getObject(arg2).byteLength).set(getArrayU8FromWasm0(arg0, arg1));
        },
        __wbg___wbindgen_throw_41e9ee4f547fc59a: function(arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
        __wbindgen_generic_0000000000000001: function(arg0, arg1) {
            // Cast intrinsic for `Ref(String) -> Externref`.
            const ret = getStringFromWasm0(arg0, arg1);
            return addHeapObject(ret);
        },
        __wbindgen_object_drop_ref: function(arg0) {
            takeObject(arg0);
        },
    };
    return {
        __proto__: null,
        "./ptrm_core_bg.js": import0,
    };
}

const ModelFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_model_free(ptr, 1));
const ModelBuilderFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_modelbuilder_free(ptr, 1));

function addHeapObject(obj) {
    if (heap_next === heap.length) heap.push(heap.length + 1);
    const idx = heap_next;
    heap_next = heap[idx];

    heap[idx] = obj;
    return idx;
}

function dropObject(idx) {
    if (idx < 1028) return;
    heap[idx] = heap_next;
    heap_next = idx;
}

function getArrayU8FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}

let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
    if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)) {
        cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
    }
    return cachedDataViewMemory0;
}

let cachedFloat32ArrayMemory0 = null;
function getFloat32ArrayMemory0() {
    if (cachedFloat32ArrayMemory0 === null || cachedFloat32ArrayMemory0.byteLength === 0) {
        cachedFloat32ArrayMemory0 = new Float32Array(wasm.memory.buffer);
    }
    return cachedFloat32ArrayMemory0;
}

function getStringFromWasm0(ptr, len) {
    return decodeText(ptr >>> 0, len);
}

let cachedUint32ArrayMemory0 = null;
function getUint32ArrayMemory0() {
    if (cachedUint32ArrayMemory0 === null || cachedUint32ArrayMemory0.byteLength === 0) {
        cachedUint32ArrayMemory0 = new Uint32Array(wasm.memory.buffer);
    }
    return cachedUint32ArrayMemory0;
}

let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    }
    return cachedUint8ArrayMemory0;
}

function getObject(idx) { return heap[idx]; }

let heap = new Array(1024).fill(undefined);
heap.push(undefined, null, true, false);

let heap_next = heap.length;

function passArray32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getUint32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArray8ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 1, 1) >>> 0;
    getUint8ArrayMemory0().set(arg, ptr / 1);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArrayF32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getFloat32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passStringToWasm0(arg, malloc, realloc) {
    if (realloc === undefined) {
        const buf = cachedTextEncoder.encode(arg);
        const ptr = malloc(buf.length, 1) >>> 0;
        getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
        WASM_VECTOR_LEN = buf.length;
        return ptr;
    }

    let len = arg.length;
    let ptr = malloc(len, 1) >>> 0;

    const mem = getUint8ArrayMemory0();

    let offset = 0;

    for (; offset < len; offset++) {
        const code = arg.charCodeAt(offset);
        if (code > 0x7F) break;
        mem[ptr + offset] = code;
    }
    if (offset !== len) {
        if (offset !== 0) {
            arg = arg.slice(offset);
        }
        ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
        const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
        const ret = cachedTextEncoder.encodeInto(arg, view);

        offset += ret.written;
        ptr = realloc(ptr, len, offset, 1) >>> 0;
    }

    WASM_VECTOR_LEN = offset;
    return ptr;
}

function takeObject(idx) {
    const ret = getObject(idx);
    dropObject(idx);
    return ret;
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(ptr, len) {
    numBytesDecoded += len;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
        cachedTextDecoder.decode();
        numBytesDecoded = len;
    }
    return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}

const cachedTextEncoder = new TextEncoder();

if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
        const buf = cachedTextEncoder.encode(arg);
        view.set(buf);
        return {
            read: arg.length,
            written: buf.length
        };
    };
}

let WASM_VECTOR_LEN = 0;

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedFloat32ArrayMemory0 = null;
    cachedUint32ArrayMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;


    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }

    if (module_or_path === undefined) {
        module_or_path = new URL('ptrm_core_bg.wasm', import.meta.url);
    }
    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
