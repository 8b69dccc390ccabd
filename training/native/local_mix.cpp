// The token mix of a board with weights on 3x3 neighbours and rays, forward and backward, on vectors of 16 channels.
//
// For every channel alone: hidden_t = silu(gate_t * x + bias) (up_t * x + bias), out = sum over t of down_t * hidden_t, where
// k * x at a cell is nine weights with the cells around it and four with the rays to the right, below, to the left, above:
// ray(cell) = x(next) + DECAY ray(next); outside the board all is 0. Compiled once a size of board (-DROWS=10 -DCOLUMNS=10). What it computes
// is written plainly in local_mix.py (`local_mix_reference`), which the tests compare it with.
#include <cstring>

namespace {

constexpr int LANES = 16;
constexpr int NEAR = 9, RAYS = 4, TAPS = NEAR + RAYS;
constexpr float DECAY = 0.5f;
constexpr int WIDTH = COLUMNS + 2;
constexpr int PADDED = (ROWS + 2) * WIDTH;
constexpr int CELLS = ROWS * COLUMNS;

typedef float V __attribute__((vector_size(4 * LANES)));
typedef int I __attribute__((vector_size(4 * LANES)));
typedef float Unaligned __attribute__((vector_size(4 * LANES), aligned(4)));

constexpr int OFFSET[NEAR] = {-WIDTH - 1, -WIDTH, -WIDTH + 1, -1, 0, 1, WIDTH - 1, WIDTH, WIDTH + 1};

inline V load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
inline void store(float* to, V value) { *reinterpret_cast<Unaligned*>(to) = value; }
inline V splat(float value) { return V{} + value; }
inline constexpr int at(int row, int column) { return (row + 1) * WIDTH + column + 1; }

// Places on a frame-free board, in the order in which a ray's next cell comes first.
constexpr int NEXT[RAYS] = {1, WIDTH, -1, -WIDTH};
constexpr int OPPOSITE[RAYS] = {2, 3, 0, 1};

inline float lanes_sum(V value) {
  float sum = 0;
  for (int i = 0; i < LANES; i++) sum += value[i];
  return sum;
}

// e^x to 2e-7: 2^n by the exponent's bits, 2^f on [-1/2, 1/2] by its Taylor polynomial.
inline V exp_of(V x) {
  x = x > 87.0f ? splat(87.0f) : x;
  x = x < -87.0f ? splat(-87.0f) : x;
  const V t = x * 1.44269504f;
  const I n = __builtin_convertvector(t + (t < 0.0f ? splat(-0.5f) : splat(0.5f)), I);
  const V f = (t - __builtin_convertvector(n, V)) * 0.693147181f;
  V p = splat(1.0f / 720);
  p = p * f + 1.0f / 120;
  p = p * f + 1.0f / 24;
  p = p * f + 1.0f / 6;
  p = p * f + 0.5f;
  p = p * f + 1.0f;
  p = p * f + 1.0f;
  return (V)((I)p + (n << 23));
}

inline V sigmoid(V x) { return 1.0f / (1.0f + exp_of(-x)); }

// One sample's board in 16 channels, with a frame of zeros.
struct Board {
  alignas(64) V cell[PADDED];
  Board() { clear(); }
  void clear() { std::memset(cell, 0, sizeof cell); }
  void read(const float* from, int channels) {
    for (int r = 0; r < ROWS; r++)
      for (int c = 0; c < COLUMNS; c++) cell[at(r, c)] = load(from + (r * COLUMNS + c) * channels);
  }
};

// to(cell) = from(next) + DECAY to(next), in direction `way`.
inline void cast_ray(int way, const V* from, V* to) {
  const bool forwards = NEXT[way] < 0;
  for (int n = 0; n < CELLS; n++) {
    const int cell = forwards ? n : CELLS - 1 - n;
    const int i = at(cell / COLUMNS, cell % COLUMNS);
    to[i] = from[i + NEXT[way]] + DECAY * to[i + NEXT[way]];
  }
}

struct Rays {
  Board way[RAYS];
  void cast(const Board& from) {
    for (int w = 0; w < RAYS; w++) cast_ray(w, from.cell, way[w].cell);
  }
};

struct Kernel {
  V tap[TAPS];
  explicit Kernel(const float* weights) {
    for (int k = 0; k < TAPS; k++) tap[k] = splat(weights[k]);
  }
};

// Adds to g and u what the cell at `at` sees through the gate's kernel and the up-projection's.
inline void add_looks(const Board& board, const Rays& rays, int at, const Kernel& gate, const Kernel& up, V& g, V& u) {
  for (int k = 0; k < NEAR; k++) {
    g += gate.tap[k] * board.cell[at + OFFSET[k]];
    u += up.tap[k] * board.cell[at + OFFSET[k]];
  }
  for (int w = 0; w < RAYS; w++) {
    g += gate.tap[NEAR + w] * rays.way[w].cell[at];
    u += up.tap[NEAR + w] * rays.way[w].cell[at];
  }
}

#define FOR_CELLS(i)                \
  for (int r = 0; r < ROWS; r++)    \
    for (int c = 0, i = at(r, 0); c < COLUMNS; c++, i++)

}  // namespace

// x: samples `stride` floats apart, each [CELLS, channels]; bias [batch, 2 types, channels], the gates' first; kernels
// [3, types, 13]: gate, up, down; out [batch, CELLS, channels]; sums [batch, types, channels]: each type's hidden units,
// summed over the board.
extern "C" void forward(const float* x, long stride, const float* bias, const float* kernels, float* out, float* sums,
                        int batch, int types, int channels) {
  const float *gates = kernels, *ups = kernels + types * TAPS, *downs = kernels + 2 * types * TAPS;
  Board board, hidden, total, cast;
  Rays rays, ray_totals;
  for (int b = 0; b < batch; b++)
    for (int ch = 0; ch < channels; ch += LANES) {
      board.read(x + b * stride + ch, channels);
      rays.cast(board);
      total.clear();
      for (Board& way : ray_totals.way) way.clear();
      for (int t = 0; t < types; t++) {
        const V gate_bias = load(bias + (b * 2L * types + t) * channels + ch);
        const V up_bias = load(bias + (b * 2L * types + types + t) * channels + ch);
        V sum = {};
        {
          const Kernel gate(gates + t * TAPS), up(ups + t * TAPS);
          FOR_CELLS(i) {
            V g = gate_bias, u = up_bias;
            add_looks(board, rays, i, gate, up, g, u);
            const V h = g * sigmoid(g) * u;
            hidden.cell[i] = h;
            sum += h;
          }
        }
        store(sums + (b * (long)types + t) * channels + ch, sum);
        const Kernel down(downs + t * TAPS);
        FOR_CELLS(i) {
          V o = total.cell[i];
          for (int k = 0; k < NEAR; k++) o += down.tap[k] * hidden.cell[i + OFFSET[k]];
          total.cell[i] = o;
          for (int w = 0; w < RAYS; w++) ray_totals.way[w].cell[i] += down.tap[NEAR + w] * hidden.cell[i];
        }
      }
      for (int w = 0; w < RAYS; w++) {
        cast_ray(w, ray_totals.way[w].cell, cast.cell);
        FOR_CELLS(i) total.cell[i] += cast.cell[i];
      }
      float* to = out + b * (long)CELLS * channels + ch;
      FOR_CELLS(i) store(to + (r * COLUMNS + c) * channels, total.cell[i]);
    }
}

// Gradients of x (samples `stride` apart, as x), of bias and of the kernels (added to what is there), from those of out and
// sums. What a ray carries one way, its gradient carries the other.
extern "C" void backward(const float* x, long stride, const float* bias, const float* kernels, const float* out_grad,
                         const float* sums_grad, float* x_grad, float* bias_grad, float* kernel_grad, int batch, int types,
                         int channels) {
  const float *gates = kernels, *ups = kernels + types * TAPS, *downs = kernels + 2 * types * TAPS;
  Board board, outs, hidden, gate_grads, up_grads, total, cast;
  Rays rays, out_rays, ray_totals;
  for (int b = 0; b < batch; b++)
    for (int ch = 0; ch < channels; ch += LANES) {
      board.read(x + b * stride + ch, channels);
      rays.cast(board);
      outs.read(out_grad + b * (long)CELLS * channels + ch, channels);
      out_rays.cast(outs);
      total.clear();
      for (Board& way : ray_totals.way) way.clear();
      for (int t = 0; t < types; t++) {
        const long row = (b * 2L * types + t) * channels + ch;
        const V gate_bias = load(bias + row), up_bias = load(bias + row + (long)types * channels);
        const V sum_grad = load(sums_grad + (b * (long)types + t) * channels + ch);
        V gate_bias_grad = {}, up_bias_grad = {};
        {
          const Kernel gate(gates + t * TAPS), up(ups + t * TAPS);
          FOR_CELLS(i) {
            V g = gate_bias, u = up_bias;
            add_looks(board, rays, i, gate, up, g, u);
            gate_grads.cell[i] = g;
            up_grads.cell[i] = u;
          }
        }
        {
          const Kernel down(downs + t * TAPS);
          FOR_CELLS(i) {
            V h_grad = sum_grad;
            for (int k = 0; k < NEAR; k++) h_grad += down.tap[k] * outs.cell[i - OFFSET[k]];
            for (int w = 0; w < RAYS; w++) h_grad += down.tap[NEAR + w] * out_rays.way[OPPOSITE[w]].cell[i];
            const V g = gate_grads.cell[i], u = up_grads.cell[i];
            const V s = sigmoid(g), act = g * s;
            hidden.cell[i] = act * u;
            const V g_grad = h_grad * u * (s + act * (1.0f - s)), u_grad = h_grad * act;
            gate_grads.cell[i] = g_grad;
            up_grads.cell[i] = u_grad;
            gate_bias_grad += g_grad;
            up_bias_grad += u_grad;
          }
        }
        store(bias_grad + row, gate_bias_grad);
        store(bias_grad + row + (long)types * channels, up_bias_grad);
        {
          const Kernel gate(gates + t * TAPS), up(ups + t * TAPS);
          FOR_CELLS(i) {
            V o = total.cell[i];
            for (int k = 0; k < NEAR; k++)
              o += gate.tap[k] * gate_grads.cell[i - OFFSET[k]] + up.tap[k] * up_grads.cell[i - OFFSET[k]];
            total.cell[i] = o;
            for (int w = 0; w < RAYS; w++)
              ray_totals.way[w].cell[i] += gate.tap[NEAR + w] * gate_grads.cell[i] + up.tap[NEAR + w] * up_grads.cell[i];
          }
        }
        // Two passes, so that the sums of each fit the registers.
        V gate_sum[TAPS] = {}, up_sum[TAPS] = {}, down_sum[TAPS] = {};
        FOR_CELLS(i) {
          const V g = gate_grads.cell[i], u = up_grads.cell[i];
          for (int k = 0; k < NEAR; k++) {
            gate_sum[k] += g * board.cell[i + OFFSET[k]];
            up_sum[k] += u * board.cell[i + OFFSET[k]];
          }
          for (int w = 0; w < RAYS; w++) {
            gate_sum[NEAR + w] += g * rays.way[w].cell[i];
            up_sum[NEAR + w] += u * rays.way[w].cell[i];
          }
        }
        FOR_CELLS(i) {
          const V o = outs.cell[i], h = hidden.cell[i];
          for (int k = 0; k < NEAR; k++) down_sum[k] += o * hidden.cell[i + OFFSET[k]];
          for (int w = 0; w < RAYS; w++) down_sum[NEAR + w] += h * out_rays.way[OPPOSITE[w]].cell[i];
        }
        for (int k = 0; k < TAPS; k++) {
          kernel_grad[t * TAPS + k] += lanes_sum(gate_sum[k]);
          kernel_grad[(types + t) * TAPS + k] += lanes_sum(up_sum[k]);
          kernel_grad[(2 * types + t) * TAPS + k] += lanes_sum(down_sum[k]);
        }
      }
      for (int w = 0; w < RAYS; w++) {
        cast_ray(OPPOSITE[w], ray_totals.way[w].cell, cast.cell);
        FOR_CELLS(i) total.cell[i] += cast.cell[i];
      }
      float* to = x_grad + b * stride + ch;
      FOR_CELLS(i) store(to + (r * COLUMNS + c) * channels, total.cell[i]);
    }
}
