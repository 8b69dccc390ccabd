//! Matrix multiplication as one would write it on paper: the oracle of `simd128`.

/// `y[i][j] = sum_k x[i][k] * w[j][k]`: x is `[m, k]`, w is `[n, k]` (a PyTorch linear weight), y is `[m, n]`.
pub fn matmul(x: &[f32], w: &[f32], m: usize, k: usize, n: usize) -> Vec<f32> {
    let mut y = vec![0.0; m * n];
    for i in 0..m {
        for j in 0..n {
            let (row, column) = (&x[i * k..][..k], &w[j * k..][..k]);
            y[i * n + j] = row.iter().zip(column).map(|(a, b)| a * b).sum();
        }
    }
    y
}
