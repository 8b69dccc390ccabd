//! The register-blocked SIMD128 micro-kernel, and its two callers: activations or weights as the splat operand.
//!
//! A tile is up to `TILE_ROWS` rows by 8 columns of accumulators. For each k it loads two vectors, then splats one
//! scalar a row. With the `relaxed-simd` target feature multiply and add fuse where the hardware can.

use super::{PackedRows, TILE_ROWS};
use crate::state::{LANES, Lane8, Panels};
use core::arch::wasm32::*;

pub(super) type Accumulators<const ROWS: usize> = [[v128; 2]; ROWS];

#[inline(always)]
pub fn multiply_add(a: v128, b: v128, sum: v128) -> v128 {
    #[cfg(target_feature = "relaxed-simd")]
    return f32x4_relaxed_madd(a, b, sum);
    #[cfg(not(target_feature = "relaxed-simd"))]
    return f32x4_add(sum, f32x4_mul(a, b));
}

#[inline(always)]
pub(super) fn load(lane: &Lane8) -> [v128; 2] {
    let pointer = lane.0.as_ptr().cast::<v128>();
    // SAFETY: a Lane8 is 32 bytes, so both 16-byte halves lie inside it.
    unsafe { [v128_load(pointer), v128_load(pointer.add(1))] }
}

#[inline(always)]
pub(super) fn store(lane: &mut Lane8, value: [v128; 2]) {
    let pointer = lane.0.as_mut_ptr().cast::<v128>();
    // SAFETY: a Lane8 is 32 bytes, so both 16-byte halves lie inside it.
    unsafe {
        v128_store(pointer, value[0]);
        v128_store(pointer.add(1), value[1]);
    }
}

/// Adds k = `step` of the block at `a` and `b` to a tile, `sums[r] += a[r][k] * b[k]`; true if that was the last of
/// `depth` k.
///
/// # Safety
/// As for `tile`, with `step < depth`.
#[inline(always)]
pub(super) unsafe fn add_product<const ROWS: usize, const ROW: usize, const K: usize>(
    sums: &mut Accumulators<ROWS>,
    a: *const f32,
    b: *const Lane8,
    depth: usize,
    step: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { add_product_of::<ROWS, ROW, K>(sums, a, b.add(step), depth, step) }
}

/// The same with b's entry of this k told.
///
/// # Safety
/// As for `tile`, with `step < depth`.
#[inline(always)]
pub(super) unsafe fn add_product_of<const ROWS: usize, const ROW: usize, const K: usize>(
    sums: &mut Accumulators<ROWS>,
    a: *const f32,
    entry: *const Lane8,
    depth: usize,
    step: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let [b0, b1] = load(&*entry);
        for (r, sum) in sums.iter_mut().enumerate() {
            let splat = v128_load32_splat(a.add(step * K + r * ROW).cast());
            *sum = [multiply_add(splat, b0, sum[0]), multiply_add(splat, b1, sum[1])];
        }
    }
    depth == step + 1
}

/// The micro-kernel: `out[r] = init[r] + sum_k a[r][k] * b[k]` for `ROWS` rows. `init` may be `out`.
/// Of `a`, rows lie `ROW` floats apart, the k of a block of eight `K` floats, and blocks `block` floats.
///
/// Eight k a turn, with an exit after each: it costs one fused instruction, and ends a basic block. Within one block
/// LLVM groups the sums of several k by accumulator, which needs more vectors at a time than V8 has registers.
///
/// # Safety
/// `depth > 0`; `a` must be readable at all these places, `b` at `depth` entries, and `init` and `out` at `ROWS`, `out` also
/// for writing.
#[inline(never)]
unsafe fn tile<const ROWS: usize, const ROW: usize, const K: usize>(
    Splats { mut a, block }: Splats,
    mut b: *const Lane8,
    mut depth: usize,
    init: *const Lane8,
    out: *mut Lane8,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums: Accumulators<ROWS> = core::array::from_fn(|r| load(&*init.add(r)));
        macro_rules! last {
            ($step:literal) => {
                add_product::<ROWS, ROW, K>(&mut sums, a, b, depth, $step)
            };
        }
        while !(last!(0) || last!(1) || last!(2) || last!(3) || last!(4) || last!(5) || last!(6) || last!(7)) {
            (a, b, depth) = (a.add(block), b.add(LANES), depth - LANES);
        }
        for (r, sum) in sums.into_iter().enumerate() {
            store(&mut *out.add(r), sum);
        }
    }
}

/// The splat operand of a tile.
struct Splats {
    a: *const f32,
    /// Floats from one block of eight k to the next.
    block: usize,
}

/// Calls a tile function for a height that is known only now. Direct calls: V8 checks more for one through a table.
macro_rules! by_height {
    ($height:expr, $tile:ident, $arguments:tt) => {
        match $height {
            6 => $tile::<6> $arguments,
            5 => $tile::<5> $arguments,
            4 => $tile::<4> $arguments,
            3 => $tile::<3> $arguments,
            2 => $tile::<2> $arguments,
            1 => $tile::<1> $arguments,
            height => unreachable!("a tile of {height} rows"),
        }
    };
}

pub(super) use by_height;

/// The same for `tile`, whose distances depend on the height where weights are the splat operand.
macro_rules! tile_of {
    ($height:expr, $arguments:tt, $($rows:literal: ($row:expr, $k:literal))*) => {
        match $height {
            $($rows => tile::<$rows, { $row }, $k> $arguments,)*
            height => unreachable!("a tile of {height} rows"),
        }
    };
}

pub(super) const ZEROS: [Lane8; TILE_ROWS] = [Lane8([0.0; LANES]); TILE_ROWS];

/// Where the sums of a tile begin: at what is there, or at 0.
fn first_sums(out: &[Lane8], accumulate: bool) -> *const Lane8 {
    if accumulate { out.as_ptr() } else { ZEROS.as_ptr() }
}

/// Rows `start..start + height` of `x` times one weight panel (`x.panels() * 8` deep).
#[inline]
pub(super) fn activation_times_panel(
    x: &Panels,
    (start, height): (usize, usize),
    b: &[Lane8],
    out: &mut [Lane8],
    accumulate: bool,
) {
    let depth = x.panels() * LANES;
    assert!(depth > 0 && b.len() >= depth && out.len() >= height);
    assert!(start + height <= x.rows && x.data.len() >= x.panels() * x.rows);
    let splats = Splats { a: x.data[start..].as_ptr().cast(), block: x.rows * LANES };
    let (b, init, out) = (b.as_ptr(), first_sums(out, accumulate), out.as_mut_ptr());
    // SAFETY: asserted above; a panel holds the rows side by side, eight k of each.
    unsafe {
        tile_of!(height, (splats, b, depth, init, out),
            6: (LANES, 1) 5: (LANES, 1) 4: (LANES, 1) 3: (LANES, 1) 2: (LANES, 1) 1: (LANES, 1))
    }
}

/// A packed weight tile times one panel of activations.
#[inline]
pub(super) fn weights_times_panel(
    w: &PackedRows,
    (start, height): (usize, usize),
    b: &[Lane8],
    out: &mut [Lane8],
    accumulate: bool,
) {
    let (a, depth) = (w.tile(start, height), w.k);
    assert!(depth > 0 && a.len() == depth * height && b.len() >= depth && out.len() >= height);
    let splats = Splats { a: a.as_ptr(), block: LANES * height };
    let (b, init, out) = (b.as_ptr(), first_sums(out, accumulate), out.as_mut_ptr());
    // SAFETY: asserted above; a weight tile holds the rows of each k side by side.
    unsafe {
        tile_of!(height, (splats, b, depth, init, out),
            6: (1, 6) 5: (1, 5) 4: (1, 4) 3: (1, 3) 2: (1, 2) 1: (1, 1))
    }
}
