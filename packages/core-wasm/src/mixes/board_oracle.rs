//! The token mix of pencil boards as one would write it down: what each cell sees of each other, one channel after another.
//! The oracle of `board`.

use crate::config::Grid;
use crate::oracle::silu;
use crate::weights::{BoardWeights, TAPS};

/// With a half, what lies nearest in a ray outweighs all behind it.
const DECAY: f32 = 0.5;
const RAYS: [(isize, isize); 4] = [(0, 1), (1, 0), (0, -1), (-1, 0)];

/// What the cell at `from` sees of the one at `to`, as places (row, column): its tap and how much.
fn seen(from: (isize, isize), to: (isize, isize)) -> impl Iterator<Item = (usize, f32)> {
    let (row, column) = (to.0 - from.0, to.1 - from.1);
    let near = (row.abs() <= 1 && column.abs() <= 1).then_some((((row + 1) * 3 + column + 1) as usize, 1.0));
    let rays = RAYS.into_iter().enumerate().filter_map(move |(way, (down, right))| {
        let along = row * down + column * right;
        (along > 0 && row * right == column * down).then(|| (9 + way, DECAY.powi(along as i32 - 1)))
    });
    near.into_iter().chain(rays)
}

/// What the mix adds to h, row-major `[prefix + cells, d]`.
pub fn board_mix(weights: &BoardWeights, grid: Grid, h: &[f32], d: usize) -> Vec<f32> {
    let mut out = vec![0.0; h.len()];
    for channel in 0..d {
        let column: Vec<f32> = h.iter().skip(channel).step_by(d).copied().collect();
        for (row, value) in mix_channel(weights, grid, &column).into_iter().enumerate() {
            out[row * d + channel] = value;
        }
    }
    out
}

/// One channel `[prefix + cells]`.
fn mix_channel(weights: &BoardWeights, grid: Grid, h: &[f32]) -> Vec<f32> {
    let (types, units) = (weights.sizes.types, weights.sizes.board_units);
    let (prefix, cells) = h.split_at(weights.prefix);
    let mut out = vec![0.0; h.len()];
    let place = |cell: usize| ((cell / grid.columns) as isize, (cell % grid.columns) as isize);
    let dot = |row: &[f32]| row.iter().zip(prefix).map(|(w, p)| w * p).sum::<f32>();
    for kind in 0..types {
        let kernel = |part: usize| &weights.kernels[(part * types + kind) * TAPS..][..TAPS];
        for from in 0..cells.len() {
            let looked = |half: usize| {
                let bias = dot(&weights.prefix_in[(half * types + kind) * prefix.len()..][..prefix.len()]);
                let see =
                    |to: usize| seen(place(from), place(to)).map(|(tap, share)| kernel(half)[tap] * share).sum::<f32>();
                (0..cells.len()).map(|to| see(to) * cells[to]).sum::<f32>() + bias
            };
            let hidden = silu(looked(0)) * looked(1);
            // A cell's output looks at the hidden units around it as their gates look at the cells around them.
            for to in 0..cells.len() {
                let share: f32 = seen(place(to), place(from)).map(|(tap, share)| kernel(2)[tap] * share).sum();
                out[prefix.len() + to] += share * hidden;
            }
            (0..prefix.len()).for_each(|p| out[p] += weights.prefix_out[p * types + kind] / grid.side() * hidden);
        }
    }
    let sum = cells.iter().sum::<f32>() / grid.side();
    for unit in 0..units {
        let [gate, up] = [unit, units + unit]
            .map(|at| weights.board_in[at] * sum + dot(&weights.board_prefix_in[at * prefix.len()..][..prefix.len()]));
        let hidden = silu(gate) * up;
        (0..cells.len()).for_each(|cell| out[prefix.len() + cell] += weights.board_out[unit] * hidden);
        (0..prefix.len()).for_each(|p| out[p] += weights.board_prefix_out[p * units + unit] * hidden);
    }
    out
}
