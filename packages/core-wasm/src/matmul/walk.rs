//! Runs of tiles for mixes on free weights, whose products are many and small: one call runs a whole row of them.

use super::tile::{Accumulators, ZEROS, add_product, add_product_of, by_height, load, store};
use super::{PackedRows, TILE_ROWS};
use crate::state::{LANES, Lane8, Panels, QUAD};

/// Runs of tiles whose operands and results lie at even distances: what a walk along them adds to its places.
#[derive(Clone, Copy)]
struct Walk {
    count: usize,
    init: *const Lane8,
    /// 0 where all tiles begin alike.
    init_step: usize,
    out: *mut Lane8,
    out_step: usize,
}

impl Walk {
    /// # Safety
    /// `init` and `out` must be readable, `out` also writable, at `height` entries of all `count` places.
    #[inline(always)]
    fn new(count: usize, init: Init, out: (&mut [Lane8], usize), height: usize) -> Self {
        let (out, out_step) = out;
        let last = count - 1;
        assert!(out.len() >= last * out_step + height);
        let (init, init_step) = match init {
            Init::Zero => (ZEROS.as_ptr(), 0),
            Init::Out => (out.as_ptr(), out_step),
            Init::Same(init) => {
                assert!(init.len() >= height);
                (init.as_ptr(), 0)
            }
            Init::Each(init) => {
                assert!(init.len() >= last * out_step + height);
                (init.as_ptr(), out_step)
            }
        };
        Self { count, init, init_step, out: out.as_mut_ptr(), out_step }
    }
}

/// Where the sums of a run of tiles begin.
#[derive(Clone, Copy)]
pub(crate) enum Init<'a> {
    Zero,
    /// At what is there.
    Out,
    /// All at the same.
    Same(&'a [Lane8]),
    /// Each at its own, which lie as the results do.
    Each(&'a [Lane8]),
}

/// One tile of activations of few channels times several weight panels, one after another. Of `a`, `depth / 4` quads are
/// read, whose distances alternate, as a panel holds two quads side by side. `b` is `[count][depth]`.
///
/// # Safety
/// `depth > 0`, a multiple of 4; all places must be readable, `walk` as `Walk::new` asks.
#[inline(never)]
unsafe fn quad_tiles<const ROWS: usize>(
    a: *const f32,
    steps: (usize, usize),
    mut b: *const Lane8,
    depth: usize,
    mut walk: Walk,
) {
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..walk.count {
            let mut sums: Accumulators<ROWS> = core::array::from_fn(|r| load(&*walk.init.add(r)));
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
                store(&mut *walk.out.add(r), sum);
            }
            walk.init = walk.init.add(walk.init_step);
            walk.out = walk.out.add(walk.out_step);
        }
    }
}

/// Rows `start..start + height` of `x`, there the channels of `count` quads from quad `first` on, times weight panels
/// (`count * 4` deep): `out[i * TILE_ROWS + r]` is row r through panel i.
#[inline]
pub(crate) fn quads_times_panels(
    x: &Panels,
    (start, height): (usize, usize),
    (first, count): (usize, usize),
    panels: &[Lane8],
    init: Init,
    out: &mut [Lane8],
) {
    let depth = count * QUAD;
    assert!(depth > 0 && panels.len() >= depth && panels.len().is_multiple_of(depth));
    assert!(start + height <= x.rows && (first + count).div_ceil(2) * x.rows <= x.data.len());
    let (panel, half) = (first / 2, first % 2);
    let a = x.data[panel * x.rows + start].0[half * QUAD..].as_ptr();
    let (to_half, to_panel) = (QUAD, x.rows * LANES - QUAD);
    let steps = if half == 0 { (to_half, to_panel) } else { (to_panel, to_half) };
    let walk = Walk::new(panels.len() / depth, init, (out, TILE_ROWS), height);
    let b = panels.as_ptr();
    // SAFETY: asserted above.
    unsafe { by_height!(height, quad_tiles, (a, steps, b, depth, walk)) }
}

/// One weight tile `[depth][ROWS]` times several panels of few entries, `b_step` entries apart.
///
/// # Safety
/// `depth > 0`; all places must be readable, `walk` as `Walk::new` asks.
#[inline(never)]
unsafe fn short_tiles<const ROWS: usize>(
    a: *const f32,
    (b, b_step): (*const Lane8, usize),
    depth: usize,
    mut walk: Walk,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut from = b;
        for _ in 0..walk.count {
            let mut sums: Accumulators<ROWS> = core::array::from_fn(|r| load(&*walk.init.add(r)));
            let (mut a, mut b, mut left) = (a, from, depth);
            macro_rules! last {
                ($step:literal) => {
                    add_product::<ROWS, 1, ROWS>(&mut sums, a, b, left, $step)
                };
            }
            while !(last!(0) || last!(1) || last!(2) || last!(3) || last!(4) || last!(5) || last!(6) || last!(7)) {
                (a, b, left) = (a.add(LANES * ROWS), b.add(LANES), left - LANES);
            }
            for (r, sum) in sums.into_iter().enumerate() {
                store(&mut *walk.out.add(r), sum);
            }
            from = from.add(b_step);
            walk.init = walk.init.add(walk.init_step);
            walk.out = walk.out.add(walk.out_step);
        }
    }
}

/// `w` times each of `count` panels that lie `w.k` entries apart in `b`; the results lie `out.1` entries apart.
#[inline]
pub(crate) fn weights_times_each(w: &PackedRows, count: usize, b: &[Lane8], init: Init, out: (&mut [Lane8], usize)) {
    assert!(w.k > 0 && b.len() >= count * w.k);
    let (out, out_step) = out;
    for (start, height) in super::tiles(w.m) {
        let init = init.from(start);
        let walk = Walk::new(count, init, (&mut out[start..], out_step), height);
        let (a, b) = (w.tile(start, height).as_ptr(), (b.as_ptr(), w.k));
        // SAFETY: asserted above and by `Walk::new`.
        unsafe { by_height!(height, short_tiles, (a, b, w.k, walk)) }
    }
}

impl<'a> Init<'a> {
    /// The same from a later row on.
    fn from(self, start: usize) -> Self {
        match self {
            Self::Same(init) => Self::Same(&init[start..]),
            Self::Each(init) => Self::Each(&init[start..]),
            other => other,
        }
    }
}

/// What a cell of a strip looks at: nine entries side by side in `near`, whose cells lie three entries apart, and four in
/// `far`, whose cells lie four apart.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub near: &'a [Lane8],
    pub far: &'a [[Lane8; 4]],
}

/// One weight tile `[13][ROWS]` times what each cell of a strip sees.
///
/// # Safety
/// `depth` is at most 13; all places must be readable, `walk` as `Walk::new` asks.
#[inline(never)]
unsafe fn strip_tiles<const ROWS: usize>(
    a: *const f32,
    mut near: *const Lane8,
    mut far: *const Lane8,
    depth: usize,
    mut walk: Walk,
) {
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..walk.count {
            let mut sums: Accumulators<ROWS> = core::array::from_fn(|r| load(&*walk.init.add(r)));
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
                || last!(far.add(3), 12);
            for (r, sum) in sums.into_iter().enumerate() {
                store(&mut *walk.out.add(r), sum);
            }
            (near, far) = (near.add(3), far.add(4));
            walk.init = walk.init.add(walk.init_step);
            walk.out = walk.out.add(walk.out_step);
        }
    }
}

/// `w` `[rows, 13]` times what each cell of a strip sees, on top of `init`; results lie `w.m` entries apart.
#[inline]
pub(crate) fn weights_times_strip(w: &PackedRows, seen: Seen, init: &[Lane8], out: &mut [Lane8]) {
    let count = seen.far.len();
    // Not `==`: with a depth that it knows, LLVM drops the exits that keep the sums in registers.
    assert!(w.k <= 13 && seen.near.len() >= 3 * count + 6);
    for (start, height) in super::tiles(w.m) {
        let walk = Walk::new(count, Init::Same(&init[start..]), (&mut out[start..], w.m), height);
        let a = w.tile(start, height).as_ptr();
        let (near, far) = (seen.near.as_ptr(), seen.far.as_ptr().cast());
        // SAFETY: asserted above and by `Walk::new`.
        unsafe { by_height!(height, strip_tiles, (a, near, far, w.k, walk)) }
    }
}
