//! The channel mix of Sudoku on its free weights: a SwiGLU of maps that treat all digits alike. A few rows at a time, so that
//! nothing of it leaves the first-level cache.

use crate::config::{DIGITS, UnitSizes};
use crate::matmul::simd128::{rms_of_rows, silu_times};
use crate::matmul::tile::quads_times_panel;
use crate::matmul::{PackedColumns, TILE_ROWS, tiles};
use crate::state::{LANES, Lane8, Panels, QUAD};
use crate::weights::{PlaneMap, PlaneWeights};
use core::arch::wasm32::*;

/// Where all planes meet: what planes and shared channels take from (sum of all planes, shared channels).
struct PackedMap {
    /// A plane to itself, `[.., m]`.
    own: PackedColumns,
    /// From (sum of planes `m`, shared `s`).
    common: PackedColumns,
}

/// Quads of planes and of shared channels, on the outer side or the inner one.
#[derive(Clone, Copy)]
struct Quads {
    plane: usize,
    shared: usize,
}

pub struct PlaneMix {
    outer: Quads,
    inner: Quads,
    /// To pairs of four gates and the four up maps that belong to them: own ones, then, of `common`, first those of planes.
    gate_up: PackedMap,
    down: PackedMap,
}

impl PlaneMix {
    pub fn pack(weights: &PlaneWeights) -> Self {
        let UnitSizes { plane: m, shared: s, plane_inner: p, shared_inner: r, .. } = weights.sizes;
        let PlaneWeights { gate, up, down, .. } = weights;
        let half = |at: usize| if at % LANES < QUAD { gate } else { up };
        // The inner channel of a place among the pairs.
        let inner = |at: usize| at / LANES * QUAD + at % QUAD;
        let gate_up = PackedMap {
            own: PackedColumns::pack(2 * p, m, |at, column| half(at).own[inner(at) * m + column]),
            common: PackedColumns::pack(2 * (p + r), m + s, |at, column| {
                common_weight(half(at), (m, s), p, inner(at), column)
            }),
        };
        let down = PackedMap {
            own: PackedColumns::pack(m, p, |row, column| down.own[row * p + column]),
            common: PackedColumns::pack(m + s, p + r, |row, column| common_weight(down, (p, r), m, row, column)),
        };
        let quads = |plane: usize, shared: usize| Quads { plane: plane / QUAD, shared: shared / QUAD };
        Self { outer: quads(m, s), inner: quads(p, r), gate_up, down }
    }

    /// `h = rms(h + mix(h))`; h is `[rows, 9 m + s]`.
    pub fn apply(&self, h: &mut Panels, scratch: &mut PlaneScratch, eps: f32) {
        for rows in tiles(h.rows) {
            self.read_common(h, rows, scratch);
            self.run_common(rows.1, scratch);
            for digit in 0..DIGITS {
                self.run_plane(h, rows, digit, scratch);
            }
            self.add_common(h, rows, scratch);
            rms_of_rows(h, rows, eps);
        }
    }

    /// `seen` = (sum of all planes, shared channels).
    fn read_common(&self, h: &Panels, (start, height): (usize, usize), scratch: &mut PlaneScratch) {
        let Quads { plane, shared } = self.outer;
        for row in 0..height {
            for quad in 0..plane {
                let sum = (1..DIGITS).fold(h.quad(start + row, quad), |sum, digit| {
                    f32x4_add(sum, h.quad(start + row, digit * plane + quad))
                });
                scratch.seen.set_quad(row, quad, sum);
            }
            for quad in 0..shared {
                scratch.seen.set_quad(row, plane + quad, h.quad(start + row, DIGITS * plane + quad));
            }
        }
    }

    /// What `seen` gives to every plane's gates and up maps, and the shared hidden channels.
    fn run_common(&self, height: usize, scratch: &mut PlaneScratch) {
        let PlaneScratch { seen, to_planes, active, .. } = scratch;
        let depth = (0, self.outer.plane + self.outer.shared);
        for pair in 0..self.inner.plane {
            let out = &mut to_planes[pair][..height];
            quads_times_panel(seen, (0, height), depth, self.gate_up.common.panel(pair), None, out);
        }
        let mut out = [Lane8::default(); TILE_ROWS];
        for pair in 0..self.inner.shared {
            let weights = self.gate_up.common.panel(self.inner.plane + pair);
            quads_times_panel(seen, (0, height), depth, weights, None, &mut out[..height]);
            for (row, gate_up) in out[..height].iter().enumerate() {
                active.set_quad(row, self.inner.plane + pair, silu_times(gate_up.quad(0), gate_up.quad(1)));
            }
        }
        // Where the sum of the planes' hidden channels grows.
        for row in 0..height {
            (0..self.inner.plane).for_each(|quad| active.set_quad(row, quad, f32x4_splat(0.0)));
        }
    }

    /// One plane's hidden channels, and what they give to the plane itself, added to h.
    fn run_plane(&self, h: &mut Panels, rows: (usize, usize), digit: usize, scratch: &mut PlaneScratch) {
        let PlaneScratch { to_planes, active, hidden, .. } = scratch;
        let (start, height) = rows;
        let plane = (digit * self.outer.plane, self.outer.plane);
        let mut out = [Lane8::default(); TILE_ROWS];
        for pair in 0..self.inner.plane {
            let (weights, common) = (self.gate_up.own.panel(pair), &to_planes[pair][..height]);
            quads_times_panel(h, rows, plane, weights, Some(common), &mut out[..height]);
            for (row, gate_up) in out[..height].iter().enumerate() {
                let value = silu_times(gate_up.quad(0), gate_up.quad(1));
                hidden.set_quad(row, pair, value);
                active.set_quad(row, pair, f32x4_add(active.quad(row, pair), value));
            }
        }
        for index in 0..self.outer.plane.div_ceil(2) {
            let weights = self.down.own.panel(index);
            quads_times_panel(hidden, (0, height), (0, self.inner.plane), weights, None, &mut out[..height]);
            let first = 2 * index;
            for quad in first..self.outer.plane.min(first + 2) {
                for (row, value) in out[..height].iter().enumerate() {
                    h.add_quad(start + row, plane.0 + quad, value.quad(quad - first));
                }
            }
        }
    }

    /// What (sum of the planes' hidden channels, shared ones) gives, added to h.
    fn add_common(&self, h: &mut Panels, (start, height): (usize, usize), scratch: &PlaneScratch) {
        let Quads { plane, shared } = self.outer;
        let depth = (0, self.inner.plane + self.inner.shared);
        let mut out = [Lane8::default(); TILE_ROWS];
        for index in 0..(plane + shared).div_ceil(2) {
            let weights = self.down.common.panel(index);
            quads_times_panel(&scratch.active, (0, height), depth, weights, None, &mut out[..height]);
            let first = 2 * index;
            for quad in first..(plane + shared).min(first + 2) {
                for (row, value) in out[..height].iter().enumerate() {
                    let value = value.quad(quad - first);
                    if quad < plane {
                        (0..DIGITS).for_each(|digit| h.add_quad(start + row, digit * plane + quad, value));
                    } else {
                        h.add_quad(start + row, (DIGITS - 1) * plane + quad, value);
                    }
                }
            }
        }
    }
}

/// The weight of a map from place `column` of (sum of planes `m`, shared `s`) to place `row` of (a plane `p`, shared).
fn common_weight(map: &PlaneMap, (m, s): (usize, usize), p: usize, row: usize, column: usize) -> f32 {
    match (row < p, column < m) {
        (true, true) => map.planes[row * m + column],
        (true, false) => map.from_shared[row * s + column - m],
        (false, true) => map.to_shared[(row - p) * m + column],
        (false, false) => map.shared[(row - p) * s + column - m],
    }
}

/// Buffers of a few rows, the same for all layers.
pub struct PlaneScratch {
    /// (sum of all planes, shared channels).
    seen: Panels,
    /// What these give to four gates and four up maps of every plane.
    to_planes: Vec<[Lane8; TILE_ROWS]>,
    /// (sum of the planes' hidden channels, shared hidden channels).
    active: Panels,
    /// One plane's hidden channels.
    hidden: Panels,
}

impl PlaneScratch {
    pub fn new(sizes: UnitSizes) -> Self {
        let UnitSizes { plane, shared, plane_inner, shared_inner, .. } = sizes;
        Self {
            seen: Panels::new(TILE_ROWS, plane + shared),
            to_planes: vec![[Lane8::default(); TILE_ROWS]; plane_inner / QUAD],
            active: Panels::new(TILE_ROWS, plane_inner + shared_inner),
            hidden: Panels::new(TILE_ROWS, plane_inner),
        }
    }
}
