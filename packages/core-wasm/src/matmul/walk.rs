//! Runs of tiles for mixes on free weights, whose products are many and small: one call runs a whole row of them.

use super::silu::Silu;
use super::tile::{Accumulators, ZEROS, add_product, add_product_of, by_height, load, store};
use super::{PackedRows, TILE_ROWS, tiles};
use crate::state::{LANES, Lane8, Panels, QUAD};
use core::arch::wasm32::f32x4_add;

/// One tile of activations of few channels times `count` weight panels, one after another. Of `a`, `depth / 4` quads are
/// read, whose distances alternate, as a panel holds two quads side by side. `b` is `[count][depth]`; sums begin at `init`
/// and end in `out`, `init_step` and `TILE_ROWS` entries further with each panel.
///
/// # Safety
/// `depth > 0`, a multiple of 4; all places must be readable, `out` also writable.
#[inline(never)]
unsafe fn quad_tiles<const ROWS: usize>(
    a: *const f32,
    steps: (usize, usize),
    (mut b, count): (*const Lane8, usize),
    depth: usize,
    (mut init, init_step): (*const Lane8, usize),
    mut out: *mut Lane8,
) {
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..count {
            let mut sums: Accumulators<ROWS> = core::array::from_fn(|r| load(&*init.add(r)));
            let (mut a, (mut this, mut next), mut left) = (a, steps, depth);
            macro_rules! last {
                ($step:literal) => {
                    add_product::<ROWS, LANES, 1>(&mut sums, a, b, left, $step)
                };
            }
            while !(last!(0) || last!(1) || last!(2) || last!(3)) {
                (a, b, left) = (a.add(this), b.add(QUAD), left - QUAD);
                (this, next) = (next, this);
            }
            b = b.add(QUAD);
            for (r, sum) in sums.into_iter().enumerate() {
                store(&mut *out.add(r), sum);
            }
            (init, out) = (init.add(init_step), out.add(TILE_ROWS));
        }
    }
}

/// Rows `start..start + height` of `x`, there the channels of `count` quads from quad `first` on, times weight panels
/// (`count * 4` deep), on top of `init`, if any: `out[i * TILE_ROWS + r]` is row r through panel i.
#[inline]
pub(crate) fn quads_times_panels(
    x: &Panels,
    (start, height): (usize, usize),
    (first, count): (usize, usize),
    panels: &[Lane8],
    init: Option<&[Lane8]>,
    out: &mut [Lane8],
) {
    let depth = count * QUAD;
    assert!(depth > 0 && panels.len() >= depth && panels.len().is_multiple_of(depth));
    assert!(start + height <= x.rows && (first + count).div_ceil(2) * x.rows <= x.data.len());
    let panel_count = panels.len() / depth;
    let needed = (panel_count - 1) * TILE_ROWS + height;
    assert!(out.len() >= needed && init.is_none_or(|init| init.len() >= needed));
    let (panel, half) = (first / 2, first % 2);
    let a = x.data[panel * x.rows + start].0[half * QUAD..].as_ptr();
    let (to_half, to_panel) = (QUAD, x.rows * LANES - QUAD);
    let steps = if half == 0 { (to_half, to_panel) } else { (to_panel, to_half) };
    let init = init.map_or((ZEROS.as_ptr(), 0), |init| (init.as_ptr(), TILE_ROWS));
    let (b, out) = ((panels.as_ptr(), panel_count), out.as_mut_ptr());
    // SAFETY: asserted above.
    unsafe { by_height!(height, quad_tiles, (a, steps, b, depth, init, out)) }
}

/// One weight tile `[depth][ROWS]` times `count` panels of few entries, which lie side by side; results lie `step` entries
/// apart. Added to what is there at the end, not begun with: results may overlap, and so wait for one another the least.
///
/// # Safety
/// `depth > 0`; all places must be readable, `out` also writable.
#[inline(never)]
unsafe fn short_tiles<const ROWS: usize>(
    a: *const f32,
    (mut b, count): (*const Lane8, usize),
    depth: usize,
    (mut out, step): (*mut Lane8, usize),
    accumulate: bool,
) {
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..count {
            let mut sums: Accumulators<ROWS> = [load(&ZEROS[0]); ROWS];
            let (mut a, mut left) = (a, depth);
            macro_rules! last {
                ($step:literal) => {
                    add_product::<ROWS, 1, ROWS>(&mut sums, a, b, left, $step)
                };
            }
            while !(last!(0) || last!(1) || last!(2) || last!(3) || last!(4) || last!(5) || last!(6) || last!(7)) {
                (a, b, left) = (a.add(LANES * ROWS), b.add(LANES), left - LANES);
            }
            b = b.add(left);
            for (r, sum) in sums.into_iter().enumerate() {
                let entry = &mut *out.add(r);
                let before = load(entry);
                let sum = if accumulate { [f32x4_add(before[0], sum[0]), f32x4_add(before[1], sum[1])] } else { sum };
                store(entry, sum);
            }
            out = out.add(step);
        }
    }
}

/// `w` times each of `count` panels that lie `w.k` entries apart in `b`, or that added to what is there; the results lie
/// `step` entries apart.
#[inline]
pub(crate) fn weights_times_each(
    w: &PackedRows,
    count: usize,
    b: &[Lane8],
    (out, step): (&mut [Lane8], usize),
    accumulate: bool,
) {
    assert!(count > 0 && w.k > 0 && b.len() >= count * w.k && out.len() >= (count - 1) * step + w.m);
    for (start, height) in tiles(w.m) {
        let (a, b) = (w.tile(start, height).as_ptr(), (b.as_ptr(), count));
        let out = (out[start..].as_mut_ptr(), step);
        // SAFETY: asserted above.
        unsafe { by_height!(height, short_tiles, (a, b, w.k, out, accumulate)) }
    }
}

/// What a cell of a strip looks at: nine entries side by side in `near`, whose cells lie three entries apart, four in `far`,
/// whose cells lie four apart, and where taps know rooms nine more.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub near: &'a [Lane8],
    pub far: &'a [[Lane8; 4]],
    pub rooms: Option<&'a [[Lane8; 9]]>,
}

/// The hidden units of a few types on every cell of a strip: one weight tile `[13][ROWS]`, with rooms `[22][ROWS]`, of pairs of gates and up maps,
/// scaled for `Silu::times_scaled`, times what each cell sees, then the gates. A cell's gates come behind the next cell's
/// products, which wait for nothing of them.
///
/// # Safety
/// `depth` is at most 13, with rooms 22, `ROWS` even; all places must be readable, but `rooms` only where there are some;
/// `looks` (two entries of `ROWS`) and `out` also writable.
#[inline(never)]
unsafe fn strip_tiles<const ROWS: usize, const ROOMS: bool>(
    a: *const f32,
    (mut near, mut far, mut rooms, count): (*const Lane8, *const Lane8, *const Lane8, usize),
    depth: usize,
    bias: *const Lane8,
    looks: *mut Lane8,
    (mut out, step): (*mut Lane8, usize),
) {
    let silu = Silu::new();
    // SAFETY: the caller's promise.
    unsafe {
        for cell in 0..=count {
            let looked = looks.add(cell % 2 * ROWS);
            if cell < count {
                let mut sums: Accumulators<ROWS> = core::array::from_fn(|r| load(&*bias.add(r)));
                // An exit after each k, as in `tile`.
                macro_rules! last {
                    ($b:expr, $step:literal) => {
                        add_product_of::<ROWS, 1, ROWS>(&mut sums, a, $b, depth, $step)
                    };
                }
                let _ = last!(near, 0)
                    || last!(near.add(1), 1)
                    || last!(near.add(2), 2)
                    || last!(near.add(3), 3)
                    || last!(near.add(4), 4)
                    || last!(near.add(5), 5)
                    || last!(near.add(6), 6)
                    || last!(near.add(7), 7)
                    || last!(near.add(8), 8)
                    || last!(far, 9)
                    || last!(far.add(1), 10)
                    || last!(far.add(2), 11)
                    || last!(far.add(3), 12)
                    || ROOMS
                        && (last!(rooms, 13)
                            || last!(rooms.add(1), 14)
                            || last!(rooms.add(2), 15)
                            || last!(rooms.add(3), 16)
                            || last!(rooms.add(4), 17)
                            || last!(rooms.add(5), 18)
                            || last!(rooms.add(6), 19)
                            || last!(rooms.add(7), 20)
                            || last!(rooms.add(8), 21));
                for (r, sum) in sums.into_iter().enumerate() {
                    store(&mut *looked.add(r), sum);
                }
                (near, far) = (near.add(3), far.add(4));
                if ROOMS {
                    rooms = rooms.add(9);
                }
            }
            if cell > 0 {
                let looked = looks.add((cell - 1) % 2 * ROWS);
                for pair in 0..ROWS / 2 {
                    let (gate, up) = (load(&*looked.add(2 * pair)), load(&*looked.add(2 * pair + 1)));
                    let value = [silu.times_scaled(gate[0], up[0]), silu.times_scaled(gate[1], up[1])];
                    store(&mut *out.add(pair), value);
                }
                out = out.add(step);
            }
        }
    }
}

/// Types whose gates and up maps are one tile.
pub const TILE_TYPES: usize = TILE_ROWS / 2;

/// The hidden units of `w.m / 2` types, at most `TILE_TYPES`, on each cell of a strip; cells lie `step` entries apart.
#[inline]
pub(crate) fn hidden_of_strip(w: &PackedRows, seen: Seen, bias: &[Lane8], (out, step): (&mut [Lane8], usize)) {
    let count = seen.far.len();
    // Not `==`: with a depth that it knows, LLVM drops the exits that keep the sums in registers.
    assert!(w.k <= if seen.rooms.is_some() { 22 } else { 13 } && w.m <= 2 * TILE_TYPES);
    assert!(count > 0 && seen.near.len() >= 3 * count + 6 && seen.rooms.is_none_or(|rooms| rooms.len() == count));
    assert!(bias.len() >= w.m && out.len() >= (count - 1) * step + w.m / 2);
    let mut looks = [Lane8::default(); 4 * TILE_TYPES];
    let (a, bias, looks) = (w.tile(0, w.m).as_ptr(), bias.as_ptr(), looks.as_mut_ptr());
    let rooms = seen.rooms.map_or(core::ptr::null(), |rooms| rooms.as_ptr().cast());
    let (has_rooms, out) = (seen.rooms.is_some(), (out.as_mut_ptr(), step));
    let seen = (seen.near.as_ptr(), seen.far.as_ptr().cast(), rooms, count);
    // SAFETY: asserted above.
    unsafe {
        match (w.m, has_rooms) {
            (6, false) => strip_tiles::<6, false>(a, seen, w.k, bias, looks, out),
            (4, false) => strip_tiles::<4, false>(a, seen, w.k, bias, looks, out),
            (2, false) => strip_tiles::<2, false>(a, seen, w.k, bias, looks, out),
            (6, true) => strip_tiles::<6, true>(a, seen, w.k, bias, looks, out),
            (4, true) => strip_tiles::<4, true>(a, seen, w.k, bias, looks, out),
            (2, true) => strip_tiles::<2, true>(a, seen, w.k, bias, looks, out),
            (height, _) => unreachable!("a tile of {height} gates and up maps"),
        }
    }
}
