"""The native network of boards against the plain one, boards of several sizes in a batch, and what cells see of their rooms."""

import json

import numpy as np
import pytest
import torch

from ptrm_training import bench
from ptrm_training.board_net import Sizes, _Spare
from ptrm_training.grids import OUTSIDE, WAYS, Grids, rooms_of, sizes_of
from ptrm_training.kinds import KINDS, make_model
from ptrm_training.taps import DECAY, ROOM_SCALE, room_tap_matrices
from small_models import SMALL_BOARD

ROWS, COLUMNS = 5, 6
BOARDS = ((5, 6), (3, 4), (1, 6), (5, 1), (1, 1))
# Two rooms and a hole in the first: `A` goes around `B` and meets itself; borders are where letters differ.
ROOMS = ('AAAAAA', 'ABBACC', 'AABACC', 'ABBAAD', 'AAAAAD')


def grids_of(kind: str) -> Grids:
    torch.manual_seed(1)
    sizes = torch.tensor(BOARDS, dtype=torch.int32)
    if KINDS[kind].borders is None:
        return Grids(ROWS, COLUMNS, sizes)
    letters = torch.tensor([[ord(c) - ord('A') for c in row] for row in ROOMS], dtype=torch.int16)
    inside = Grids(ROWS, COLUMNS, sizes).inside()
    return Grids(ROWS, COLUMNS, sizes, torch.where(inside, letters.flatten(), OUTSIDE))


def states(model, grids: Grids) -> torch.Tensor:
    z = torch.randn(len(BOARDS), model.prefix_len + grids.cells, model.d)
    z[:, model.prefix_len :] *= grids.inside()[..., None]
    return z


def with_gradients(model, net, z):
    """The result of three calls, and the gradients of z and of all weights that have one."""
    model.zero_grad()
    z = z.clone().requires_grad_()
    out = net(net(net(z)) + z)
    out.pow(3).sum().backward()
    return {'out': out, 'z': z.grad} | {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize('threads', (1, 2))
@pytest.mark.parametrize('kind', ('lightup', 'heyawake'))
def test_the_native_network_equals_the_plain_one_with_all_its_gradients(kind, threads):
    model, grids = make_model(kind, SMALL_BOARD), grids_of(kind)
    z = states(model, grids)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        fast = with_gradients(model, model.network(grids), z)
    finally:
        torch.set_num_threads(before)
    slow = with_gradients(model.double(), model.written_out(grids), z.double())
    assert fast.keys() == slow.keys()
    assert len(fast) == 2 + 9 * model.layers
    for name, value in slow.items():
        assert torch.allclose(fast[name].double(), value, rtol=1e-3, atol=1e-4 * value.abs().max().item()), name


def test_gradients_are_the_same_bits_on_any_number_of_threads():
    model, grids = make_model('lightup', SMALL_BOARD), Grids(4, 5)
    z = torch.randn(40, model.prefix_len + 20, model.d)
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            found.append(with_gradients(model, model.network(grids), z))
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        assert all(torch.equal(value, other[name]) for name, value in found[0].items())


def test_what_a_way_back_has_read_is_written_over_by_later_ones_alone(monkeypatch):
    model, grids = make_model('heyawake', SMALL_BOARD), grids_of('heyawake')
    z = states(model, grids)
    taken = []
    monkeypatch.setattr(_Spare, 'take', lambda self, *shape, take=_Spare.take: taken.append(take(self, *shape)) or taken[-1])
    first = with_gradients(model, model.network(grids), z)
    # While three are held, as those of a step's calls are, a fourth is another one.
    held = model.network(grids)(z.clone().requires_grad_())
    second = with_gradients(model, model.network(grids), z)
    assert len({saved.data_ptr() for saved in taken}) == 4
    assert len(taken) == 7
    assert held.requires_grad
    assert all(torch.equal(first[name], value) for name, value in second.items())


def test_a_small_board_on_a_larger_grid_is_as_by_itself():
    model = make_model('lightup', SMALL_BOARD)
    grids = grids_of('lightup')
    z = states(model, grids)
    for net in (model.network(grids), model.written_out(grids)):
        with torch.no_grad():
            found = net(z)
        for board, (rows, columns) in enumerate(BOARDS):
            cells = (torch.arange(rows)[:, None] * COLUMNS + torch.arange(columns)).flatten()
            places = torch.cat([torch.arange(model.prefix_len), model.prefix_len + cells])
            with torch.no_grad():
                wanted = model.dense(rows, columns).net(z[board : board + 1, places])
            assert torch.allclose(found[board, places], wanted[0], atol=2e-5)
        assert (found[:, model.prefix_len :][~grids.inside()] == 0).all()


@pytest.mark.parametrize('wrong', ({'d': 24}, {'inner': 24}, {'types': 2}))
def test_sizes_that_fill_no_panel_take_the_plain_network(wrong):
    model, grids = make_model('lightup', SMALL_BOARD | wrong), Grids(2, 3)
    z = torch.randn(2, model.prefix_len + 6, model.d)
    with torch.no_grad():
        assert torch.equal(model.network(grids)(z), model.written_out(grids)(z))
    assert not Sizes(model.d, model.inner, model.types, model.prefix_len, model.board_units, model.layers, model.taps).fit()


def test_the_native_network_goes_back_once():
    model = make_model('lightup', SMALL_BOARD)
    out = model.network(Grids(2, 3))(torch.randn(2, model.prefix_len + 6, model.d)).sum()
    out.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match='goes back once'):
        out.backward()


def test_rooms_are_what_borders_enclose():
    borders = np.array([[0, 0, 0, 0], *([bool(n & 1 << bit) for bit in range(4)] for n in range(16))], np.uint8)
    tokens = np.zeros((1, ROWS + 1, COLUMNS + 1), np.uint8)
    for r in range(ROWS):
        for c in range(COLUMNS):
            around = [(r + down, c + right) for down, right in WAYS]
            other = [not (0 <= a < ROWS and 0 <= b < COLUMNS) or ROOMS[a][b] != ROOMS[r][c] for a, b in around]
            tokens[0, r, c] = 1 + sum(differs << bit for bit, differs in enumerate(other))
    rooms = rooms_of(tokens.reshape(1, -1), borders, ROWS + 1, COLUMNS + 1).reshape(ROWS + 1, COLUMNS + 1)
    assert (rooms[-1] == OUTSIDE).all()
    assert (rooms[:, -1] == OUTSIDE).all()
    # The two parts of B touch at no side; numbers are in the order of first cells.
    letters = [letter for row in ROOMS for letter in row]
    numbers = set(zip(letters, rooms[:-1, :-1].flatten().tolist(), strict=True))
    assert sorted(numbers) == [('A', 0), ('B', 1), ('C', 2), ('D', 3)]
    assert sizes_of(tokens.reshape(1, -1), ROWS + 1, COLUMNS + 1).tolist() == [[ROWS, COLUMNS]]


def test_rooms_that_turn_back_are_whole():
    rng = np.random.default_rng(3)
    borders = np.array([[bool(n & 1 << bit) for bit in range(4)] for n in range(17)], np.uint8)
    tokens = sum((rng.random((20, 8, 9)) < 0.2).astype(int) << bit for bit in range(4))
    tokens[tokens == 0] = 16  # no borders; 0 is outside
    found = rooms_of(tokens.reshape(20, -1), borders, 8, 9).reshape(tokens.shape)
    for board, rooms in zip(tokens, found, strict=True):
        wanted = np.full_like(rooms, OUTSIDE)
        for first in np.ndindex(wanted.shape):
            reached = [first] if wanted[first] == OUTSIDE else []
            number = wanted.max() + 1
            for r, c in reached:  # grows while it is gone through
                wanted[r, c] = number
                for way, (down, right) in enumerate(WAYS):
                    near = r + down, c + right
                    if not (0 <= near[0] < 8 and 0 <= near[1] < 9) or near in reached:
                        continue
                    if not borders[board[r, c], way] and not borders[board[near], (way + 2) % 4]:
                        reached.append(near)
        assert np.array_equal(rooms, wanted)


def test_cells_see_as_far_as_their_room_goes():
    rooms = torch.tensor([[ord(c) for c in ''.join(ROOMS)]], dtype=torch.int16)
    found = room_tap_matrices(rooms, ROWS, COLUMNS)[0]
    wanted = torch.zeros_like(found)
    for r in range(ROWS):
        for c in range(COLUMNS):
            here = r * COLUMNS + c
            for way, (down, right) in enumerate(WAYS):
                weight, a, b = 1.0, r + down, c + right
                while 0 <= a < ROWS and 0 <= b < COLUMNS and ROOMS[a][b] == ROOMS[r][c]:
                    wanted[way, here, a * COLUMNS + b] = weight == 1.0
                    wanted[4 + way, here, a * COLUMNS + b] = weight
                    weight, a, b = weight * DECAY, a + down, b + right
            for there, letter in enumerate(''.join(ROOMS)):
                wanted[8, here, there] = ROOM_SCALE * (letter == ROOMS[r][c])
    assert torch.equal(found, wanted)


def test_a_model_that_asks_for_rooms_says_so():
    model = make_model('heyawake', SMALL_BOARD)
    with pytest.raises(ValueError, match='no plain TRM'):
        model.dense()
    with pytest.raises(ValueError, match='asks for the rooms'):
        model.network(Grids(2, 2))


def test_a_step_is_timed(capsys, monkeypatch):
    monkeypatch.setattr('sys.argv', ['bench', 'heyawake', '--side', '3', '--batch', '2', '--threads', '1', '--repeats', '1'])
    bench.main()
    found = json.loads(capsys.readouterr().out)
    assert (found['network'], found['side'], found['threads']) == ('native', 3, 1)
    assert 0 < found['forward_ms'] <= found['both_ms']
    # 2 layers of 8 types with 22 taps three ways on 9 cells, and 3 * 192 products a channel of 64 and row of 18.
    assert bench.products(make_model('heyawake', {'d': 64, 'inner': 192}), 9) == 2 * (3 * 8 * 22 * 9 * 64 + 3 * 192 * 64 * 18)
