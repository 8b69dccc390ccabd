// The network of a tied board model on a batch of boards, forward and backward, each board by itself on one core.
//
// What it computes is written plainly in board_trm.py (`written_out`), which the tests compare it with. Compiled once for
// the sizes of a model: -DCHANNELS, INNER, TYPES, PREFIX, UNITS, LAYERS, TAPS (22 with rooms, else 13).
//
// Matrices [rows, columns] lie in panels of 16 columns: element (i, j) is number (j / 16 * rows + i) * 16 + j % 16. The token
// mix keeps channels apart, so that a panel of z [prefix + cells, channels] is all it needs at a time; a product takes one
// operand by its panels and finds the other's numbers side by side.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace {

constexpr int PANEL = 16;
#ifdef __AVX512F__
constexpr int LANES = 16, TILE = 12, LINES = 8;  // of a register; rows of a product at a time; results of `combine` at a time
#else
constexpr int LANES = 8, TILE = 6, LINES = 4;
#endif
constexpr int PARTS = PANEL / LANES;  // registers of a panel's row
constexpr int NEAR = 9, RAYS = 4;
constexpr int RAY = NEAR, NEXT_IN_ROOM = RAY + RAYS, RAY_IN_ROOM = NEXT_IN_ROOM + RAYS, ROOM = RAY_IN_ROOM + RAYS;
constexpr bool ROOMS = TAPS > ROOM;
constexpr int PLANES = TAPS - NEAR;  // taps that are computed before they are looked through
constexpr float DECAY = 0.5f, ROOM_SCALE = 0.25f, EPSILON = 1e-5f;
constexpr int D_PANELS = CHANNELS / PANEL;
static_assert(CHANNELS % PANEL == 0 && INNER % PANEL == 0 && (TAPS == NEAR + RAYS || TAPS == ROOM + 1));

typedef float V __attribute__((vector_size(4 * LANES)));
typedef int I __attribute__((vector_size(4 * LANES)));
typedef float Unaligned __attribute__((vector_size(4 * LANES), aligned(4)));
typedef float Row __attribute__((vector_size(4 * PANEL), aligned(4)));  // of a panel; may be several registers

inline V load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
inline void store(float* to, V value) { *reinterpret_cast<Unaligned*>(to) = value; }
inline Row& row_at(float* panel, long i) { return *reinterpret_cast<Row*>(panel + i * PANEL); }
inline const Row& row_at(const float* panel, long i) { return *reinterpret_cast<const Row*>(panel + i * PANEL); }

// e^x to 2e-7: 2^n by the exponent's bits, 2^f on [-1/2, 1/2] by its Taylor polynomial.
inline V exp_of(V x) {
  x = x > 87.0f ? V{} + 87.0f : x;
  x = x < -87.0f ? V{} - 87.0f : x;
  const V t = x * 1.44269504f;
  const I n = __builtin_convertvector(t + (t < 0.0f ? V{} - 0.5f : V{} + 0.5f), I);
  const V f = (t - __builtin_convertvector(n, V)) * 0.693147181f;
  V p = V{} + 1.0f / 720;
  p = p * f + 1.0f / 120;
  p = p * f + 1.0f / 24;
  p = p * f + 1.0f / 6;
  p = p * f + 0.5f;
  p = p * f + 1.0f;
  p = p * f + 1.0f;
  return (V)((I)p + (n << 23));
}

inline V sigmoid(V x) { return 1.0f / (1.0f + exp_of(-x)); }

// silu(gate) * up of n numbers each, n a multiple of LANES.
inline void glu(const float* gate, const float* up, float* out, long n) {
  for (long i = 0; i < n; i += LANES) {
    const V g = load(gate + i);
    store(out + i, g * sigmoid(g) * load(up + i));
  }
}

// The same, and in place of gate and up the gradients of both, from that of the result.
inline void glu_backward(float* gate, float* up, float* out, const float* out_grad, long n) {
  for (long i = 0; i < n; i += LANES) {
    const V g = load(gate + i), u = load(up + i), grad = load(out_grad + i);
    const V s = sigmoid(g), act = g * s;
    store(out + i, act * u);
    store(gate + i, grad * u * (s + act * (1.0f - s)));
    store(up + i, grad * act);
  }
}

// ---- products of matrices in panels -------------------------------------------------------------------------------------

enum class Form { TIMES, TURNED };

// out[i] (+)= sum over k of a(i, k) b[k], for COUNT rows i and one panel of b and out.
// TIMES: a(i, k) is element (i, k) of a matrix with `a_rows` rows; TURNED: element (k, i).
template <Form form, int COUNT>
inline void tile(const float* a, long a_rows, const float* b, int inner, float* out, bool add) {
  V sum[COUNT][PARTS];
  for (int i = 0; i < COUNT; i++)
    for (int p = 0; p < PARTS; p++) sum[i][p] = add ? load(out + i * PANEL + p * LANES) : V{};
  const auto take = [&](const float* of_row, const float* at, int between) {
    V x[PARTS];
    for (int p = 0; p < PARTS; p++) x[p] = load(of_row + p * LANES);
    for (int i = 0; i < COUNT; i++)
      for (int p = 0; p < PARTS; p++) sum[i][p] += at[i * between] * x[p];
  };
  if (form == Form::TIMES)
    for (int block = 0; block < inner; block += PANEL)
      for (int k = 0; k < PANEL; k++) take(b + (block + k) * PANEL, a + block * a_rows + k, PANEL);
  else
    for (int k = 0; k < inner; k++) take(b + k * PANEL, a + k * PANEL, 1);
  for (int i = 0; i < COUNT; i++)
    for (int p = 0; p < PARTS; p++) store(out + i * PANEL + p * LANES, sum[i][p]);
}

// out [rows, columns] (+)= a b, a [rows, inner], b [inner, columns]; rows a multiple of TILE.
void times(const float* a, int rows, const float* b, int inner, float* out, int columns, bool add) {
  for (int panel = 0; panel < columns / PANEL; panel++)
    for (int i = 0; i < rows; i += TILE)
      tile<Form::TIMES, TILE>(a + i * PANEL, rows, b + (long)panel * inner * PANEL, inner,
                              out + ((long)panel * rows + i) * PANEL, add);
}

// out [rows, columns] += a^T b, a [inner, rows], b [inner, columns]; rows a multiple of PANEL.
void add_turned(const float* a, int rows, const float* b, int inner, float* out, int columns) {
  for (int panel = 0; panel < columns / PANEL; panel++)
    for (int i = 0; i < rows; i += PANEL) {
      const float *from = a + (long)i * inner, *of = b + (long)panel * inner * PANEL;
      float* to = out + ((long)panel * rows + i) * PANEL;
      int done = 0;
      for (; done + TILE <= PANEL; done += TILE) tile<Form::TURNED, TILE>(from + done, 0, of, inner, to + done * PANEL, true);
      tile<Form::TURNED, PANEL % TILE>(from + done, 0, of, inner, to + done * PANEL, true);
    }
}

// ---- lines: n numbers each, of a few inputs and outputs ------------------------------------------------------------------

// out_m[..] = start_m (a panel's row, repeated; 0 if null) + sum over k of w[m, k] in_k[..]; `weight` is w, m by k.
template <int M, int K>
inline void combine(const float (&weight)[M][K], const float* const (&in)[K], const float* start, float* out, long between,
                    long n) {
  for (int first = 0; first < M; first += LINES) {
    const int count = std::min(LINES, M - first);
    const auto some = [&](auto size) {
      constexpr int COUNT = decltype(size)::value;
      for (long i = 0; i < n; i += PANEL) {
        V sum[COUNT][PARTS];
        for (int m = 0; m < COUNT; m++)
          for (int p = 0; p < PARTS; p++) sum[m][p] = start ? load(start + (first + m) * PANEL + p * LANES) : V{};
        for (int k = 0; k < K; k++) {
          V x[PARTS];
          for (int p = 0; p < PARTS; p++) x[p] = load(in[k] + i + p * LANES);
          for (int m = 0; m < COUNT; m++)
            for (int p = 0; p < PARTS; p++) sum[m][p] += weight[first + m][k] * x[p];
        }
        for (int m = 0; m < COUNT; m++)
          for (int p = 0; p < PARTS; p++) store(out + (first + m) * between + i + p * LANES, sum[m][p]);
      }
    };
    if (count == LINES)
      some(std::integral_constant<int, LINES>());
    else
      some(std::integral_constant<int, (M % LINES ? M % LINES : LINES)>());
  }
}

// sums[m][k][lane] += what lane of a_m[..] times in_k[..] comes to.
template <int M, int K>
inline void add_products(const float* a, long between, const float* const (&in)[K], float (&sums)[M][K][LANES], long n) {
  constexpr int BLOCK = LANES == 16 ? 5 : 3;  // of k, beside four of m: the sums stay in registers
  static_assert(M % 4 == 0);
  for (int m = 0; m < M; m += 4)
    for (int first = 0; first < K; first += BLOCK) {
      const auto some = [&](auto size) {
        constexpr int COUNT = decltype(size)::value;
        V sum[4][COUNT];
        for (int j = 0; j < 4; j++)
          for (int k = 0; k < COUNT; k++) sum[j][k] = load(sums[m + j][first + k]);
        for (long i = 0; i < n; i += LANES) {
          V x[COUNT];
          for (int k = 0; k < COUNT; k++) x[k] = load(in[first + k] + i);
          for (int j = 0; j < 4; j++) {
            const V y = load(a + (m + j) * between + i);
            for (int k = 0; k < COUNT; k++) sum[j][k] += y * x[k];
          }
        }
        for (int j = 0; j < 4; j++)
          for (int k = 0; k < COUNT; k++) store(sums[m + j][first + k], sum[j][k]);
      };
      if (K - first >= BLOCK)
        some(std::integral_constant<int, BLOCK>());
      else
        some(std::integral_constant<int, (K % BLOCK ? K % BLOCK : BLOCK)>());
    }
}

inline void add_lines(float* to, const float* from, long n) {
  for (long i = 0; i < n; i += LANES) store(to + i, load(to + i) + load(from + i));
}

// ---- weights ---------------------------------------------------------------------------------------------------------------

// A layer's free weights, or their gradients, one after the other as Python hands them over.
struct Free {
  float kernels[3][TYPES][TAPS];  // gate, up, down
  float prefix_in[2 * TYPES][PREFIX];
  float prefix_out[PREFIX][TYPES];
  float board_in[2 * UNITS];
  float board_prefix_in[2 * UNITS][PREFIX];
  float board_out[UNITS];
  float board_prefix_out[PREFIX][UNITS];
  float gate_up[2 * INNER][CHANNELS];
  float down[CHANNELS][INNER];
};

constexpr int opposite(int way) { return (way + 2) % RAYS; }
// The tap that looks back along each tap: a gradient goes where its number came from.
constexpr int back(int tap) {
  return tap < NEAR           ? NEAR - 1 - tap
         : tap < NEXT_IN_ROOM ? RAY + opposite(tap - RAY)
         : tap < RAY_IN_ROOM  ? NEXT_IN_ROOM + opposite(tap - NEXT_IN_ROOM)
         : tap < ROOM         ? RAY_IN_ROOM + opposite(tap - RAY_IN_ROOM)
                              : ROOM;
}

inline long panelled(long rows, long i, long j) { return (j / PANEL * rows + i) * PANEL + j % PANEL; }

// A layer's weights as products want them.
struct Layer {
  Free free;
  float looks[2 * TYPES][TAPS];   // gates, then ups
  float looked[TAPS][2 * TYPES];  // the same turned, each tap in the place of the one that looks back
  float down[TYPES][TAPS];
  float downed[TAPS][TYPES];
  std::vector<float> gate_up_t, gate_up, down_t, channel_down;  // [D, 2 I], [2 I, D], [I, D], [D, I] in panels

  explicit Layer(const Free& w)
      : free(w), gate_up_t(2 * INNER * CHANNELS), gate_up(2 * INNER * CHANNELS), down_t(INNER * CHANNELS),
        channel_down(INNER * CHANNELS) {
    for (int t = 0; t < TYPES; t++)
      for (int k = 0; k < TAPS; k++) {
        for (int half = 0; half < 2; half++)
          looks[half * TYPES + t][k] = looked[back(k)][half * TYPES + t] = w.kernels[half][t][k];
        down[t][k] = downed[k][t] = w.kernels[2][t][k];
      }
    for (int i = 0; i < 2 * INNER; i++)
      for (int j = 0; j < CHANNELS; j++)
        gate_up_t[panelled(CHANNELS, j, i)] = gate_up[panelled(2 * INNER, i, j)] = w.gate_up[i][j];
    for (int i = 0; i < CHANNELS; i++)
      for (int j = 0; j < INNER; j++) down_t[panelled(INNER, j, i)] = channel_down[panelled(CHANNELS, i, j)] = w.down[i][j];
  }
};

// Sums of gradients of one layer over some boards, as they come.
struct Gradients {
  float looks[2 * TYPES][TAPS][LANES] = {}, down[TYPES][TAPS][LANES] = {};
  Free free = {};  // all but kernels, gate_up and down
  std::vector<float> gate_up_t = std::vector<float>(2 * INNER * CHANNELS), down_t = std::vector<float>(INNER * CHANNELS);

  void add_to(Free& total) const {
    const auto lanes = [](const float* from) {
      float sum = 0;
      for (int i = 0; i < LANES; i++) sum += from[i];
      return sum;
    };
    for (int t = 0; t < TYPES; t++)
      for (int k = 0; k < TAPS; k++) {
        total.kernels[0][t][k] += lanes(looks[t][k]);
        total.kernels[1][t][k] += lanes(looks[TYPES + t][k]);
        total.kernels[2][t][k] += lanes(down[t][k]);
      }
    const float* from = &free.prefix_in[0][0];
    float* to = &total.prefix_in[0][0];
    for (; to < &total.gate_up[0][0]; from++, to++) *to += *from;
    for (int i = 0; i < 2 * INNER; i++)
      for (int j = 0; j < CHANNELS; j++) total.gate_up[i][j] += gate_up_t[panelled(CHANNELS, j, i)];
    for (int i = 0; i < CHANNELS; i++)
      for (int j = 0; j < INNER; j++) total.down[i][j] += down_t[panelled(INNER, j, i)];
  }
};

// ---- a board ---------------------------------------------------------------------------------------------------------------

// One board's size and rooms; cells lie on planes with a frame of zeros.
struct Board {
  int rows, columns, cells, length, padded, width, plane;
  std::vector<int> same[RAYS];  // with rooms, for each cell: 1 if the next in that direction is of its room
  std::vector<int> room;        // of each cell

  Board(int rows, int columns)
      : rows(rows), columns(columns), cells(rows * columns), length(PREFIX + cells), padded(padded_to(length)),
        width(columns + 2), plane((rows + 2) * width) {}

  static int padded_to(int length) { return (length + TILE - 1) / TILE * TILE; }

  // rooms: each cell's, from 0, `stride` apart from row to row.
  void set_rooms(const short* rooms, int stride) {
    room.resize(cells);
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < columns; c++) room[r * columns + c] = rooms[r * stride + c];
    for (int way = 0; way < RAYS; way++) {
      same[way].resize(cells);
      for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
          const int down = r + (way == 1) - (way == 3), right = c + (way == 0) - (way == 2);
          const bool inside = down >= 0 && down < rows && right >= 0 && right < columns;
          same[way][r * columns + c] = inside && room[r * columns + c] == room[down * columns + right];
        }
    }
  }

  long at(int r, int c) const { return (long)(r + 1) * width + c + 1; }
  long offset(int near) const { return (near / 3 - 1) * width + near % 3 - 1; }
  long next(int way) const { return way == 0 ? 1 : way == 1 ? width : way == 2 ? -1 : -width; }
};

// A panel's numbers on a framed board, and what its cells see of them through the taps beyond the nine near ones.
struct Seen {
  const Board& board;
  std::vector<float> cells, planes[PLANES], room_sums;

  explicit Seen(const Board& board) : board(board), cells(board.plane * PANEL) {
    for (auto& plane : planes) plane.resize(board.plane * PANEL);
    if (ROOMS) room_sums.resize((board.cells + 1) * PANEL);
  }

  template <class Work>
  void each_cell(Work work) const {
    for (int r = 0, n = 0; r < board.rows; r++)
      for (int c = 0; c < board.columns; c++, n++) work(n, board.at(r, c));
  }

  // In the order in which a ray's next cell comes first.
  template <class Work>
  void along(int way, Work work) const {
    const bool forwards = way >= 2;
    for (int n = 0; n < board.cells; n++) {
      const int cell = forwards ? n : board.cells - 1 - n;
      work(cell, board.at(cell / board.columns, cell % board.columns));
    }
  }

  void ray(int way, const float* from, float* to) const {
    const long next = board.next(way);
    along(way, [&](int, long i) { row_at(to, i) = row_at(from, i + next) + DECAY * row_at(to, i + next); });
  }
  void next_in_room(int way, const float* from, float* to) const {
    const long next = board.next(way);
    along(way, [&](int n, long i) { row_at(to, i) = (float)board.same[way][n] * row_at(from, i + next); });
  }
  void ray_in_room(int way, const float* from, float* to) const {
    const long next = board.next(way);
    along(way, [&](int n, long i) {
      row_at(to, i) = (float)board.same[way][n] * (row_at(from, i + next) + DECAY * row_at(to, i + next));
    });
  }
  void room(const float* from, float* to) {
    std::fill(room_sums.begin(), room_sums.end(), 0.0f);
    each_cell([&](int n, long i) { row_at(room_sums.data(), board.room[n]) += row_at(from, i); });
    each_cell([&](int n, long i) { row_at(to, i) = ROOM_SCALE * row_at(room_sums.data(), board.room[n]); });
  }
  // What `tap`, beyond the near ones, sees of `from`.
  void look(int tap, const float* from, float* to) {
    if (tap < NEXT_IN_ROOM) return ray(tap - RAY, from, to);
    if (tap < RAY_IN_ROOM) return next_in_room(tap - NEXT_IN_ROOM, from, to);
    if (tap < ROOM) return ray_in_room(tap - RAY_IN_ROOM, from, to);
    room(from, to);
  }

  void look_around() {
    for (int k = NEAR; k < TAPS; k++) look(k, cells.data(), planes[k - NEAR].data());
  }

  // Where each tap's numbers for row r begin.
  void row(int r, const float* (&in)[TAPS]) const {
    const long first = board.at(r, 0);
    for (int k = 0; k < NEAR; k++) in[k] = cells.data() + (first + board.offset(k)) * PANEL;
    for (int k = NEAR; k < TAPS; k++) in[k] = planes[k - NEAR].data() + first * PANEL;
  }
  // The same for the taps that look back: in[k] sees through the tap that looks back along k.
  void row_back(int r, const float* (&in)[TAPS]) const {
    const float* taps[TAPS];
    row(r, taps);
    for (int k = 0; k < TAPS; k++) in[k] = taps[back(k)];
  }
};

// Gathers what goes out through taps: near ones are added where they go, the others kept on planes until the end.
struct Sent {
  const Board& board;
  Seen kept;  // planes before they are looked through
  std::vector<float> through;

  explicit Sent(const Board& board) : board(board), kept(board), through(board.plane * PANEL) {}

  void clear() {
    std::fill(kept.cells.begin(), kept.cells.end(), 0.0f);
  }
  // Row r of what is sent, `lines` [TAPS][columns * PANEL]; cell i of tap k goes to the cell that `back(k)` of it sees.
  void row(int r, const float* lines) {
    const long n = (long)board.columns * PANEL, first = board.at(r, 0);
    for (int k = 0; k < NEAR; k++) add_lines(kept.cells.data() + (first - board.offset(k)) * PANEL, lines + k * n, n);
    for (int k = NEAR; k < TAPS; k++) std::memcpy(kept.planes[k - NEAR].data() + first * PANEL, lines + k * n, n * sizeof(float));
  }
  // Adds the other taps; afterwards `cells` holds the sums, with garbage in its frame.
  void finish() {
    for (int k = NEAR; k < TAPS; k++) {
      kept.look(k, kept.planes[k - NEAR].data(), through.data());
      for (int r = 0; r < board.rows; r++)
        add_lines(kept.cells.data() + board.at(r, 0) * PANEL, through.data() + board.at(r, 0) * PANEL,
                  (long)board.columns * PANEL);
    }
  }
};

// What a layer leaves for its way back, for one board: z before it and after the token mix, gates and ups, scales.
struct Saved {
  float *in, *mixed, *gate_up, *mixed_scale, *scale;
  static long size(long padded) { return padded * (2 * CHANNELS + 2 * INNER + 1) + CHANNELS; }
  Saved(float* from, long padded)
      : in(from), mixed(in + padded * CHANNELS), gate_up(mixed + padded * CHANNELS),
        mixed_scale(gate_up + padded * 2 * INNER), scale(mixed_scale + CHANNELS) {}
};

// A thread's room for boards of one size.
struct Scratch {
  Board board;
  Seen seen, out_seen;
  Sent sent;
  std::vector<float> look_lines, hidden, sent_lines, hidden_grad, act, act_grad, grad;

  Scratch(int rows, int columns)
      : board(rows, columns), seen(board), out_seen(board), sent(board), look_lines(2L * TYPES * board.columns * PANEL),
        hidden(1L * TYPES * board.columns * PANEL), sent_lines(1L * TAPS * board.columns * PANEL),
        hidden_grad(1L * TYPES * board.columns * PANEL), act((long)board.padded * INNER), act_grad((long)board.padded * INNER),
        grad((long)board.padded * CHANNELS) {}
};

inline Row silu(Row g) {
  Row out;
  for (int p = 0; p < PARTS; p++) {
    const V x = load(reinterpret_cast<const float*>(&g) + p * LANES);
    store(reinterpret_cast<float*>(&out) + p * LANES, x * sigmoid(x));
  }
  return out;
}
inline Row silu_slope(Row g) {
  Row out;
  for (int p = 0; p < PARTS; p++) {
    const V x = load(reinterpret_cast<const float*>(&g) + p * LANES), s = sigmoid(x);
    store(reinterpret_cast<float*>(&out) + p * LANES, s + x * s * (1.0f - s));
  }
  return out;
}
inline float total(Row value) {
  float sum = 0;
  for (int i = 0; i < PANEL; i++) sum += value[i];
  return sum;
}

// What the units of the whole board hold, for one panel.
struct Units {
  Row board = {}, gate[UNITS], up[UNITS], hidden[UNITS];
  Units(const Board& b, const Free& w, const float* z) {
    for (int i = 0; i < b.cells; i++) board += row_at(z, PREFIX + i);
    board *= 1.0f / std::sqrt((float)b.cells);
    for (int j = 0; j < UNITS; j++) {
      gate[j] = w.board_in[j] * board;
      up[j] = w.board_in[UNITS + j] * board;
      for (int p = 0; p < PREFIX; p++) {
        gate[j] += w.board_prefix_in[j][p] * row_at(z, p);
        up[j] += w.board_prefix_in[UNITS + j][p] * row_at(z, p);
      }
      hidden[j] = silu(gate[j]) * up[j];
    }
  }
};

// What the prefix adds to each type's gate and up, for one panel: [2 TYPES][PANEL].
struct Bias {
  alignas(64) float row[2 * TYPES][PANEL];
  Bias(const Free& w, const float* z) {
    for (int t = 0; t < 2 * TYPES; t++) {
      Row sum = {};
      for (int p = 0; p < PREFIX; p++) sum += w.prefix_in[t][p] * row_at(z, p);
      row_at(row[t], 0) = sum;
    }
  }
};

void put_on_board(const Board& b, const float* z, Seen& seen) {
  seen.each_cell([&](int n, long i) { row_at(seen.cells.data(), i) = row_at(z, PREFIX + n); });
  seen.look_around();
}

// One panel of the token mix: out = rms(z + mix(z)) over the sequence, and its scale.
void mix_panel(Scratch& s, const Layer& layer, const float* z, float* out, float* scale) {
  const Board& b = s.board;
  const Free& w = layer.free;
  const float side = std::sqrt((float)b.cells);
  const long n = (long)b.columns * PANEL;
  const Units units(b, w, z);
  const Bias bias(w, z);
  put_on_board(b, z, s.seen);
  s.sent.clear();
  Row sums[TYPES] = {};
  for (int r = 0; r < b.rows; r++) {
    const float* in[TAPS];
    s.seen.row(r, in);
    combine<2 * TYPES, TAPS>(layer.looks, in, &bias.row[0][0], s.look_lines.data(), n, n);
    glu(s.look_lines.data(), s.look_lines.data() + TYPES * n, s.hidden.data(), TYPES * n);
    const float* hidden[TYPES];
    for (int t = 0; t < TYPES; t++) {
      hidden[t] = s.hidden.data() + t * n;
      for (int c = 0; c < b.columns; c++) sums[t] += row_at(hidden[t], c);
    }
    combine<TAPS, TYPES>(layer.downed, hidden, nullptr, s.sent_lines.data(), n, n);
    s.sent.row(r, s.sent_lines.data());
  }
  s.sent.finish();
  Row to_cells = {}, squares = {};
  for (int j = 0; j < UNITS; j++) to_cells += w.board_out[j] * units.hidden[j];
  for (int p = 0; p < PREFIX; p++) {
    Row y = row_at(z, p);
    for (int t = 0; t < TYPES; t++) y += w.prefix_out[p][t] / side * sums[t];
    for (int j = 0; j < UNITS; j++) y += w.board_prefix_out[p][j] * units.hidden[j];
    row_at(out, p) = y;
    squares += y * y;
  }
  s.seen.each_cell([&](int cell, long i) {
    const Row y = row_at(z, PREFIX + cell) + to_cells + row_at(s.sent.kept.cells.data(), i);
    row_at(out, PREFIX + cell) = y;
    squares += y * y;
  });
  for (int i = 0; i < PANEL; i++) scale[i] = 1.0f / std::sqrt(squares[i] / b.length + EPSILON);
  for (int i = 0; i < b.length; i++) row_at(out, i) *= row_at(scale, 0);
  std::memset(out + (long)b.length * PANEL, 0, (b.padded - b.length) * PANEL * sizeof(float));
}

// Back through it: `grad` of out becomes that of z.
void mix_panel_backward(Scratch& s, const Layer& layer, Gradients& sums, const float* z, const float* out, const float* scale,
                        float* grad) {
  const Board& b = s.board;
  const Free& w = layer.free;
  const float side = std::sqrt((float)b.cells);
  const long n = (long)b.columns * PANEL;
  Row along = {};
  for (int i = 0; i < b.length; i++) along += row_at(grad, i) * row_at(out, i);
  along *= 1.0f / b.length;
  for (int i = 0; i < b.length; i++) row_at(grad, i) = row_at(scale, 0) * (row_at(grad, i) - row_at(out, i) * along);

  const Units units(b, w, z);
  const Bias bias(w, z);
  put_on_board(b, z, s.seen);
  put_on_board(b, grad, s.out_seen);

  // What was summed over the board for the prefix: the hidden units of types and of the board.
  alignas(64) float sum_grad[TYPES][PANEL];
  for (int t = 0; t < TYPES; t++) {
    Row sum = {};
    for (int p = 0; p < PREFIX; p++) sum += w.prefix_out[p][t] / side * row_at(grad, p);
    row_at(sum_grad[t], 0) = sum;
  }
  Row cells_grad = {};
  for (int i = 0; i < b.cells; i++) cells_grad += row_at(grad, PREFIX + i);

  s.sent.clear();
  Row hidden_sums[TYPES] = {}, bias_grad[2 * TYPES] = {};
  for (int r = 0; r < b.rows; r++) {
    const float *in[TAPS], *out_in[TAPS], *gates[2 * TYPES];
    s.seen.row(r, in);
    s.out_seen.row_back(r, out_in);
    combine<2 * TYPES, TAPS>(layer.looks, in, &bias.row[0][0], s.look_lines.data(), n, n);
    combine<TYPES, TAPS>(layer.down, out_in, &sum_grad[0][0], s.hidden_grad.data(), n, n);
    glu_backward(s.look_lines.data(), s.look_lines.data() + TYPES * n, s.hidden.data(), s.hidden_grad.data(), TYPES * n);
    for (int t = 0; t < 2 * TYPES; t++) {
      gates[t] = s.look_lines.data() + t * n;
      for (int c = 0; c < b.columns; c++) bias_grad[t] += row_at(gates[t], c);
    }
    for (int t = 0; t < TYPES; t++)
      for (int c = 0; c < b.columns; c++) hidden_sums[t] += row_at(s.hidden.data() + t * n, c);
    add_products<2 * TYPES, TAPS>(s.look_lines.data(), n, in, sums.looks, n);
    add_products<TYPES, TAPS>(s.hidden.data(), n, out_in, sums.down, n);
    // A gradient goes back along its tap: what tap k brought here is sent to where it came from.
    combine<TAPS, 2 * TYPES>(layer.looked, gates, nullptr, s.sent_lines.data(), n, n);
    s.sent.row(r, s.sent_lines.data());
  }
  s.sent.finish();

  Row unit_grads[2 * UNITS], board_grad = {};
  for (int j = 0; j < UNITS; j++) {
    Row hidden_grad = w.board_out[j] * cells_grad;
    for (int p = 0; p < PREFIX; p++) hidden_grad += w.board_prefix_out[p][j] * row_at(grad, p);
    unit_grads[j] = hidden_grad * units.up[j] * silu_slope(units.gate[j]);
    unit_grads[UNITS + j] = hidden_grad * silu(units.gate[j]);
    sums.free.board_out[j] += total(cells_grad * units.hidden[j]);
  }
  for (int j = 0; j < 2 * UNITS; j++) {
    board_grad += w.board_in[j] * unit_grads[j];
    sums.free.board_in[j] += total(unit_grads[j] * units.board);
  }
  board_grad *= 1.0f / side;
  for (int p = 0; p < PREFIX; p++) {
    const Row there = row_at(grad, p), z_there = row_at(z, p);
    Row back_there = there;
    for (int t = 0; t < TYPES; t++) sums.free.prefix_out[p][t] += total(there * hidden_sums[t]) / side;
    for (int j = 0; j < UNITS; j++) sums.free.board_prefix_out[p][j] += total(there * units.hidden[j]);
    for (int t = 0; t < 2 * TYPES; t++) {
      back_there += w.prefix_in[t][p] * bias_grad[t];
      sums.free.prefix_in[t][p] += total(bias_grad[t] * z_there);
    }
    for (int j = 0; j < 2 * UNITS; j++) {
      back_there += w.board_prefix_in[j][p] * unit_grads[j];
      sums.free.board_prefix_in[j][p] += total(unit_grads[j] * z_there);
    }
    row_at(grad, p) = back_there;
  }
  s.seen.each_cell([&](int cell, long i) {
    row_at(grad, PREFIX + cell) += board_grad + row_at(s.sent.kept.cells.data(), i);
  });
}

// A layer: z in `saved.in` [padded, CHANNELS] to `out`.
void forward(Scratch& s, const Layer& layer, const Saved& saved, float* out) {
  const int padded = s.board.padded;
  const long panel = (long)padded * PANEL;
  for (int d = 0; d < D_PANELS; d++)
    mix_panel(s, layer, saved.in + d * panel, saved.mixed + d * panel, saved.mixed_scale + d * PANEL);
  times(saved.mixed, padded, layer.gate_up_t.data(), CHANNELS, saved.gate_up, 2 * INNER, false);
  glu(saved.gate_up, saved.gate_up + (long)padded * INNER, s.act.data(), (long)padded * INNER);
  std::memcpy(out, saved.mixed, padded * CHANNELS * sizeof(float));
  times(s.act.data(), padded, layer.down_t.data(), INNER, out, CHANNELS, true);
  for (int i = 0; i < padded; i++) {
    Row squares = {};
    for (int d = 0; d < D_PANELS; d++) squares += row_at(out + d * panel, i) * row_at(out + d * panel, i);
    saved.scale[i] = 1.0f / std::sqrt(total(squares) / CHANNELS + EPSILON);
    for (int d = 0; d < D_PANELS; d++) row_at(out + d * panel, i) *= saved.scale[i];
  }
}

// Back through it: s.grad of `out` becomes that of z. The gates and ups that were saved are written over.
void backward(Scratch& s, const Layer& layer, Gradients& sums, const Saved& saved, const float* out) {
  const int padded = s.board.padded;
  const long panel = (long)padded * PANEL;
  float* grad = s.grad.data();
  for (int i = 0; i < padded; i++) {
    Row along = {};
    for (int d = 0; d < D_PANELS; d++) along += row_at(grad + d * panel, i) * row_at(out + d * panel, i);
    const float mean = total(along) / CHANNELS;
    for (int d = 0; d < D_PANELS; d++)
      row_at(grad + d * panel, i) = saved.scale[i] * (row_at(grad + d * panel, i) - mean * row_at(out + d * panel, i));
  }
  times(grad, padded, layer.channel_down.data(), CHANNELS, s.act_grad.data(), INNER, false);
  glu_backward(saved.gate_up, saved.gate_up + (long)padded * INNER, s.act.data(), s.act_grad.data(), (long)padded * INNER);
  add_turned(s.act.data(), INNER, grad, padded, sums.down_t.data(), CHANNELS);
  add_turned(saved.mixed, CHANNELS, saved.gate_up, padded, sums.gate_up_t.data(), 2 * INNER);
  times(saved.gate_up, padded, layer.gate_up.data(), 2 * INNER, grad, CHANNELS, true);
  for (int d = 0; d < D_PANELS; d++)
    mix_panel_backward(s, layer, sums, saved.in + d * panel, saved.mixed + d * panel, saved.mixed_scale + d * PANEL,
                       grad + d * panel);
}

// ---- a batch ---------------------------------------------------------------------------------------------------------------

// Boards at the top left of rows x columns ones: sizes [batch][2], rooms [batch][rows * columns] or null.
struct Batch {
  int count, rows, columns;
  const int* sizes;
  const short* rooms;

  long floats() const { return (long)(PREFIX + rows * columns) * CHANNELS; }
  long saved_floats() const {
    const long padded = Board::padded_to(PREFIX + rows * columns);
    return LAYERS * Saved::size(padded) + padded * CHANNELS;
  }

  // Work(board number, scratch) for all boards, those of a chunk one after the other; chunks by whichever thread is free.
  template <class Work>
  void each(int threads, int chunk, Work work) const {
    std::atomic<int> next = 0;
    const auto run = [&] {
      std::unique_ptr<Scratch> scratch;
      for (int first; (first = chunk * next++) < count;)
        for (int i = first; i < std::min(count, first + chunk); i++) {
          const int *size = sizes + 2 * i;
          if (!scratch || scratch->board.rows != size[0] || scratch->board.columns != size[1])
            scratch = std::make_unique<Scratch>(size[0], size[1]);
          if (ROOMS) scratch->board.set_rooms(rooms + (long)i * rows * columns, columns);
          work(i, *scratch);
        }
    };
    std::vector<std::thread> others;
    for (int i = 1; i < threads; i++) others.emplace_back(run);
    run();
    for (std::thread& other : others) other.join();
  }

  // Work(row of z, row of the padded matrix in panels): where a board's prefix and cells lie in both.
  template <class Work>
  static void each_row(const Board& board, int columns, Work work) {
    for (int p = 0; p < PREFIX; p++) work(p, p);
    for (int r = 0; r < board.rows; r++)
      for (int c = 0; c < board.columns; c++) work(PREFIX + r * columns + c, PREFIX + r * board.columns + c);
  }

  void take(const Board& board, const float* z, float* panels) const {
    std::memset(panels, 0, (long)board.padded * CHANNELS * sizeof(float));
    each_row(board, columns, [&](long from, long to) {
      for (int d = 0; d < D_PANELS; d++)
        row_at(panels + (long)d * board.padded * PANEL, to) = row_at(z + from * CHANNELS + d * PANEL, 0);
    });
  }
  void give(const Board& board, const float* panels, float* z) const {
    std::memset(z, 0, floats() * sizeof(float));
    each_row(board, columns, [&](long to, long from) {
      for (int d = 0; d < D_PANELS; d++)
        row_at(z + to * CHANNELS + d * PANEL, 0) = row_at(panels + (long)d * board.padded * PANEL, from);
    });
  }
};

std::vector<Layer> layers_of(const Free* free) { return std::vector<Layer>(free, free + LAYERS); }

}  // namespace

extern "C" {

// The floats of a layer's free weights, and those that a board's way through the network leaves for its way back.
long weight_floats() { return sizeof(Free) / sizeof(float); }
long saved_floats(int rows, int columns) { return Batch{0, rows, columns, nullptr, nullptr}.saved_floats(); }

// z and out [batch, PREFIX + rows * columns, CHANNELS]; out is 0 outside the boards. saved: saved_floats a board, or null.
void net_forward(const float* z, const float* weights, const int* sizes, const short* rooms, float* out, float* saved,
                 int count, int rows, int columns, int threads) {
  const Batch batch{count, rows, columns, sizes, rooms};
  const std::vector<Layer> layers = layers_of(reinterpret_cast<const Free*>(weights));
  const long kept = batch.saved_floats();
  batch.each(threads, 1, [&](int i, Scratch& s) {
    const std::unique_ptr<float[]> own(saved ? nullptr : new float[kept]);
    float* at = saved ? saved + i * kept : own.get();
    const int padded = s.board.padded;
    batch.take(s.board, z + i * batch.floats(), at);
    for (const Layer& layer : layers) {
      const Saved here(at, padded);
      at += Saved::size(padded);
      forward(s, layer, here, at);
    }
    batch.give(s.board, at, out + i * batch.floats());
  });
}

// The gradients of z, and of the weights, summed over the batch in an order that no number of threads changes.
void net_backward(const float* out_grad, const float* weights, const int* sizes, const short* rooms, float* saved, float* z_grad,
                  float* weights_grad, int count, int rows, int columns, int threads) {
  constexpr int CHUNKS = 16;
  const Batch batch{count, rows, columns, sizes, rooms};
  const std::vector<Layer> layers = layers_of(reinterpret_cast<const Free*>(weights));
  const long kept = batch.saved_floats();
  const int chunk = (count + CHUNKS - 1) / CHUNKS;
  std::vector<Gradients> sums(LAYERS * CHUNKS);
  batch.each(threads, chunk, [&](int i, Scratch& s) {
    const int padded = s.board.padded;
    float* first = saved + i * kept;
    batch.take(s.board, out_grad + i * batch.floats(), s.grad.data());
    for (int n = LAYERS - 1; n >= 0; n--) {
      const Saved here(first + n * Saved::size(padded), padded);
      backward(s, layers[n], sums[i / chunk * LAYERS + n], here, first + (n + 1) * Saved::size(padded));
    }
    batch.give(s.board, s.grad.data(), z_grad + i * batch.floats());
  });
  Free* totals = reinterpret_cast<Free*>(weights_grad);
  for (int c = 0; c < CHUNKS; c++)
    for (int n = 0; n < LAYERS; n++) sums[c * LAYERS + n].add_to(totals[n]);
}
}
