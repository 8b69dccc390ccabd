//! The token mix of Sudoku as one would write it down: every hidden unit of every unit, one channel after another. The oracle
//! of `units`.

use crate::config::DIGITS;
use crate::oracle::silu;
use crate::weights::UnitWeights;

const CELLS: usize = DIGITS * DIGITS;

/// The cells of the 27 units: rows, columns, boxes.
fn units() -> Vec<Vec<usize>> {
    let cells = |is_in: &dyn Fn(usize, usize) -> bool| -> Vec<usize> {
        (0..CELLS).filter(|cell| is_in(cell / DIGITS, cell % DIGITS)).collect()
    };
    let rows = (0..DIGITS).map(|n| cells(&move |row, _| row == n));
    let columns = (0..DIGITS).map(|n| cells(&move |_, column| column == n));
    let boxes = (0..DIGITS).map(|n| cells(&move |row, column| row / 3 * 3 + column / 3 == n));
    rows.chain(columns).chain(boxes).collect()
}

/// What the mix adds to h, row-major `[1 + 81, d]`.
pub fn unit_mix(weights: &UnitWeights, h: &[f32], d: usize) -> Vec<f32> {
    let (c, g) = (weights.sizes.unit_hidden, weights.sizes.board_hidden);
    let units = units();
    let all = (units.len() as f32).sqrt();
    let mut out = vec![0.0; h.len()];
    for channel in 0..d {
        let prefix = h[channel];
        let cell = |cell: usize| h[(1 + cell) * d + channel];
        let board = (0..CELLS).map(cell).sum::<f32>() / 9.0;
        for (number, members) in units.iter().enumerate() {
            let shape = usize::from(number >= 2 * DIGITS);
            let own = members.iter().map(|&member| cell(member)).sum::<f32>() / 3.0;
            for i in 0..c {
                let [gate, up] = [0, 1].map(|half| {
                    let at = (2 * half + shape) * c + i;
                    weights.unit_in[at] * own + weights.all_in[at] * board + weights.prefix_in[at] * prefix
                });
                let hidden = silu(gate) * up;
                let at = shape * c + i;
                members.iter().for_each(|m| out[(1 + m) * d + channel] += hidden * weights.unit_out[at] / 3_f32.sqrt());
                (0..CELLS).for_each(|m| out[(1 + m) * d + channel] += hidden * weights.all_out[at] / all);
                out[channel] += hidden * weights.prefix_out[at] / all;
            }
        }
        for j in 0..g {
            let [gate, up] = [0, 1]
                .map(|half| weights.global_in[half * g + j] * board + weights.global_prefix_in[half * g + j] * prefix);
            let hidden = silu(gate) * up;
            (0..CELLS).for_each(|m| out[(1 + m) * d + channel] += hidden * weights.global_out[j]);
            out[channel] += hidden * weights.global_prefix_out[j];
        }
    }
    out
}
