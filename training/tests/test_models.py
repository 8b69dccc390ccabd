"""Tied models against the dense TRM that they stand for."""

import math

import pytest
import torch

from ptrm_training.attention_trm import AROUND
from ptrm_training.grids import Grids
from ptrm_training.kinds import KINDS, make_model
from ptrm_training.kinds.heyawake.tokens import token_features
from ptrm_training.kinds.sudoku.unit_mix import unit_cells
from ptrm_training.layers import rms, rope, rotate
from ptrm_training.taps import DECAY
from small_models import SMALL_BOARD, models

# Where there is a GPU, what runs on it is compared as well.
DEVICES = ['cpu', 'cuda'] if torch.cuda.is_available() else ['cpu']
WHOLE = {name: Grids(kind.side, kind.side) for name, kind in KINDS.items()}


@pytest.mark.parametrize('device', DEVICES)
@pytest.mark.parametrize('model', models(), ids=lambda m: m.kind)
def test_tied_network_equals_the_dense_one(model, device):
    z = torch.randn(3, model.prefix_len + model.seq_len, model.d)
    with torch.no_grad():
        wanted = model.dense().net(z)
        found = model.to(device).network(WHOLE[model.kind])(z.to(device)).cpu()
        assert torch.allclose(found, wanted, atol=2e-5)
        assert torch.allclose(model.dense().to('cpu').net(z), wanted, atol=2e-5)
    model.to('cpu')


@pytest.mark.parametrize('model', models(), ids=lambda m: m.kind)
def test_no_tensor_of_a_model_stays_behind_on_the_cpu(model):
    # The meta device refuses tensors of the CPU as a GPU does, and needs no GPU.
    model.to('meta')
    length = model.prefix_len + model.seq_len
    z, tokens = torch.empty(2, length, model.d, device='meta'), torch.zeros(2, model.seq_len, dtype=torch.long, device='meta')
    for shown in (model.network(WHOLE[model.kind])(z), model.dense().net(z), model.dense().embed(tokens)):
        assert shown.shape == z.shape
        assert shown.device.type == 'meta'


@pytest.mark.parametrize('board', ((6, 6), (3, 12), (7, 1), (13, 11)))
def test_tied_network_equals_the_dense_one_on_boards_of_other_sizes(board):
    _, model, _ = models()
    z = torch.randn(2, model.prefix_len + math.prod(board), model.d)
    with torch.no_grad():
        wanted = model.dense(*board).net(z)
        for found in (model.network(Grids(*board)), model.written_out(Grids(*board))):
            assert torch.allclose(found(z), wanted, atol=2e-5)


@pytest.mark.parametrize('model', models(), ids=lambda m: m.kind)
def test_gradients_of_the_tied_network_equal_those_of_the_dense_one(model):
    z = torch.randn(2, model.prefix_len + model.seq_len, model.d)
    found = []
    for net in (model.network(WHOLE[model.kind]), model.dense().net):
        model.zero_grad()
        net(z).pow(3).sum().backward()
        found.append({name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None})
    assert found[0].keys() == found[1].keys()
    assert len(found[0]) > 5
    for name, grad in found[0].items():
        assert torch.allclose(grad, found[1][name], rtol=1e-3, atol=1e-3 * grad.abs().max().item()), name


def slow_block(z, block, positions):
    """An attention block with RoPE as the turning of complex numbers; z [rows, d]."""
    d = z.shape[1]
    width = d // block.heads
    turned = torch.polar(torch.tensor(1.0), torch.outer(positions.float(), block.theta ** (torch.arange(0, width, 2) / -width)))
    complex_of = lambda h: torch.complex(h[:, : width // 2], h[:, width // 2 :]) * turned
    mixed = []
    for head in range(block.heads):
        q, k, v = (z @ block.qkv[part * d + head * width :][:width].T for part in range(3))
        scores = (complex_of(q) @ complex_of(k).conj().T).real / width**0.5
        mixed.append(scores.softmax(-1) @ v)
    z = rms(z + torch.cat(mixed, 1) @ block.out.T)
    gate, up = (z @ block.channel_gate_up.T).chunk(2, -1)
    return rms(z + (torch.nn.functional.silu(gate) * up) @ block.channel_down.T)


@pytest.mark.parametrize('side', (6, 10))
def test_attention_turns_queries_and_keys_by_their_places_on_the_10x10_board(side):
    *_, model = models()
    cells = [10 * row + column for row in range(side) for column in range(side)]
    positions = torch.tensor([*range(model.prefix_len), *(model.prefix_len + cell for cell in cells)])
    z = torch.randn(2, len(positions), model.d)
    with torch.no_grad():
        found = model.network(Grids(side, side))(z)
        for board, states in zip(found, z, strict=True):
            wanted = states
            for block in model.dense().blocks:
                wanted = slow_block(wanted, block, positions)
            assert torch.allclose(board, wanted, atol=1e-5)


def test_heads_start_on_the_cells_around():
    torch.manual_seed(0)
    model = make_model('heyawake', {'heads': 8})
    tokens = torch.randint(3, 243, (1, 100))
    with torch.no_grad():
        trm = model.dense()
        z = rms(trm.h_init + trm.l_init + trm.embed(tokens))
        width = model.d // model.heads
        q, k, _ = (z @ trm.blocks[0].qkv.T).view(-1, 3, model.heads, width).permute(1, 2, 0, 3)
        q, k = (rotate(part, *rope(torch.arange(102), width, model.theta)) for part in (q, k))
        seen = (q @ k.transpose(1, 2) / width**0.5).softmax(-1)
    # Averaged over the cells with all eight around: tokens differ, and a head's noise with them.
    inner = [model.prefix_len + 10 * row + column for row in range(1, 9) for column in range(1, 9)]
    for head, offset in enumerate(AROUND):
        by_offset = {o: seen[head, inner, [i + o for i in inner]].mean().item() for o in (0, *AROUND)}
        assert max(by_offset, key=by_offset.get) == offset, by_offset
        assert by_offset[offset] > 0.15, by_offset


def test_sudoku_weights_commute_with_digits_and_cells():
    model, _, _ = models()
    z = torch.randn(1, 82, model.d)
    planes = lambda t: t[..., : 9 * model.m].unflatten(-1, (9, model.m))
    digits = torch.randperm(9)
    relabelled = torch.cat([planes(z)[..., digits, :].flatten(-2), z[..., 9 * model.m :]], -1)
    # Rows 0 and 1 swap: a symmetry of the board that keeps its boxes.
    cells = torch.arange(81).view(9, 9)[[1, 0, *range(2, 9)]].reshape(-1)
    moved = torch.cat([z[:, :1], z[:, 1:][:, cells]], 1)
    with torch.no_grad():
        net = model.dense().net
        out = net(z)
        assert torch.allclose(planes(net(relabelled)), planes(out)[..., digits, :], atol=1e-4)
        assert torch.allclose(net(moved)[:, 1:], out[:, 1:][:, cells], atol=1e-4)


def test_board_weights_are_the_same_at_every_place():
    _, model, _ = models()
    gate_up, down = (t.detach() for t in model.token_mix[0].dense())
    unit = lambda row, column: row * 10 + column
    cell = lambda row, column: model.prefix_len + row * 10 + column
    assert gate_up[unit(2, 3), cell(3, 2)] == gate_up[unit(5, 6), cell(6, 5)] != 0
    assert down[cell(3, 3), unit(3, 4)] == down[cell(8, 7), unit(8, 8)] != 0
    assert gate_up[unit(2, 3), cell(3, 2)] != gate_up[unit(2, 3), cell(2, 2)]
    # Along its row a cell sees the n-th one with DECAY^(n - 1); elsewhere nothing beyond its neighbours.
    ray = model.token_mix[0].kernels[0, 0, 9].item()
    assert gate_up[unit(2, 3), cell(2, 7)].item() == pytest.approx(ray * DECAY**3)
    assert gate_up[unit(2, 3), cell(4, 4)] == 0


def test_boards_of_all_sizes_use_the_same_weights():
    _, model, _ = models()
    small, _ = (t.detach() for t in model.token_mix[0].dense(4, 6))
    large, _ = (t.detach() for t in model.token_mix[0].dense())
    first = model.prefix_len
    assert small[2 * 6 + 3, first + 3 * 6 + 4] == large[2 * 10 + 3, first + 3 * 10 + 4] != 0
    assert small[2 * 6 + 1, first + 2 * 6 + 5] == large[2 * 10 + 1, first + 2 * 10 + 5] != 0  # along a row


def test_attention_is_written_out_for_one_size_of_board():
    *_, model = models()
    with pytest.raises(ValueError, match='a 9x9 board: models with attention'):
        model.dense(9, 9)


def test_attention_refuses_boards_on_which_cells_would_share_positions():
    *_, model = models()
    with pytest.raises(ValueError, match=r'boards of 10x11: .* 10x10 at most'):
        model.network(Grids(10, 11))


def test_a_heyawake_token_embeds_as_its_number_and_its_borders():
    features = token_features()
    assert features.shape == (KINDS['heyawake'].vocab_size, 22)
    assert [row.nonzero()[0].tolist() for row in features[[0, 2, 3, 4, 13, 242]]] == [
        [0], [2], [3], [3, 18], [3, 19, 21], [17, 18, 19, 20, 21],
    ]  # fmt: skip
    assert KINDS['tapa'].features is None
    embedding = make_model('heyawake', SMALL_BOARD).ends().embedding.detach()
    assert torch.allclose(embedding[4] - embedding[3], embedding[164] - embedding[163], atol=1e-6)


def test_every_kind_has_a_model():
    for name, kind in KINDS.items():
        model = make_model(name)
        trm = model.ends()
        assert trm.embedding.shape[0] == trm.lm_head.shape[0] == kind.vocab_size
        assert 0 < min(model.answer_tokens) <= max(model.answer_tokens) < kind.vocab_size
    with pytest.raises(ValueError, match='chess'):
        make_model('chess')


def test_units_cover_the_board():
    assert unit_cells().sum(0).tolist() == [3] * 81
    assert unit_cells().sum(1).tolist() == [9] * 27
