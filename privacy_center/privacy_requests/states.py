"""The states of a privacy request: which moves there are, what each state is called, and which dot it is."""

from privacy_center.errors import Words
from privacy_center.privacy_requests.models import State

DOTS = (
    Words("受理", "Received"),
    Words("核验", "Verified"),
    Words("确认", "Confirmed"),
    Words("执行", "Carried out"),
    Words("反馈", "Answered"),
)

MOVES: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.VERIFYING, State.CONFIRMED, State.REFUSED, State.CANCELLED}),
    State.VERIFYING: frozenset({State.CONFIRMED, State.REFUSED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.IN_REVIEW, State.APPROVED, State.CANCELLED}),
    State.IN_REVIEW: frozenset(
        {State.WAITING_CUSTOMER, State.APPROVED, State.PARTLY_APPROVED, State.REFUSED, State.CANCELLED}
    ),
    State.WAITING_CUSTOMER: frozenset({State.IN_REVIEW, State.REFUSED, State.CANCELLED}),
    State.APPROVED: frozenset({State.COOLING_OFF, State.EXECUTING, State.IN_REVIEW, State.CANCELLED}),
    State.PARTLY_APPROVED: frozenset({State.COOLING_OFF, State.EXECUTING, State.IN_REVIEW, State.CANCELLED}),
    State.COOLING_OFF: frozenset({State.EXECUTING, State.IN_REVIEW, State.CANCELLED}),
    State.EXECUTING: frozenset({State.CHECKING, State.NEEDS_ATTENTION}),
    State.CHECKING: frozenset({State.COMPLETED, State.COMPLETED_WITH_HOLDS, State.EXECUTING, State.NEEDS_ATTENTION}),
    State.NEEDS_ATTENTION: frozenset({State.EXECUTING, State.CHECKING, State.COMPLETED, State.COMPLETED_WITH_HOLDS}),
    State.COMPLETED_WITH_HOLDS: frozenset({State.COMPLETED, State.NEEDS_ATTENTION}),
    State.REFUSED: frozenset({State.IN_REVIEW}),
    State.COMPLETED: frozenset({State.NEEDS_ATTENTION}),
    State.CANCELLED: frozenset(),
}

NAMES: dict[State, Words] = {
    State.RECEIVED: Words("已收到", "Received"),
    State.VERIFYING: Words("核验身份中", "Checking identity"),
    State.CONFIRMED: Words("信息已确认", "Confirmed"),
    State.IN_REVIEW: Words("审核中", "In review"),
    State.WAITING_CUSTOMER: Words("待您补充", "Waiting for you"),
    State.APPROVED: Words("已通过", "Approved"),
    State.PARTLY_APPROVED: Words("部分通过", "Approved in part"),
    State.REFUSED: Words("未通过", "Refused"),
    State.COOLING_OFF: Words("可撤回", "Can be cancelled"),
    State.EXECUTING: Words("执行中", "Being carried out"),
    State.CHECKING: Words("复查中", "Being checked"),
    State.NEEDS_ATTENTION: Words("专人处理中", "A person is on it"),
    State.COMPLETED: Words("已完成", "Done"),
    State.COMPLETED_WITH_HOLDS: Words("已完成，部分暂时保留", "Done, some kept for now"),
    State.CANCELLED: Words("已撤回", "Cancelled"),
}

NEXT: dict[State, Words] = {
    State.RECEIVED: Words("接下来我们核验您的身份。", "Next we check that it is you."),
    State.VERIFYING: Words("核验通过后，我们请您确认要处理的信息。", "Once that is done, we confirm what it is about."),
    State.CONFIRMED: Words("接下来由专人审核。", "Next a person reviews it."),
    State.IN_REVIEW: Words("专人正在逐项审核。", "A person is looking at every item."),
    State.WAITING_CUSTOMER: Words("请查看消息并回复，我们再继续。", "Read the message and reply, then we go on."),
    State.APPROVED: Words(
        "接下来进入可撤回期，然后执行。", "Next comes the time to change your mind, then we carry it out."
    ),
    State.PARTLY_APPROVED: Words(
        "决定书写明删什么、留什么。接下来执行。", "The letter says what goes and what stays. Next we carry it out."
    ),
    State.REFUSED: Words("决定书写明原因和您的权利。", "The letter says why, and what your rights are."),
    State.COOLING_OFF: Words("到期前您可以撤回，之后我们执行。", "Until it ends you can cancel; then we carry it out."),
    State.EXECUTING: Words("正在各系统中处理。", "It is being done in our systems."),
    State.CHECKING: Words("已处理，正在重新检查。", "It is done; we are looking again to make sure."),
    State.NEEDS_ATTENTION: Words(
        "遇到问题，已有专人处理。您无需操作。", "There was a problem; a person is on it. Nothing is asked of you."
    ),
    State.COMPLETED: Words("全部完成。您可以查看证明。", "All done. You can read the certificate."),
    State.COMPLETED_WITH_HOLDS: Words(
        "到期部分会自动删除，届时通知您。", "What is kept goes by itself in time; we tell you then."
    ),
    State.CANCELLED: Words("您的信息没有任何改动。", "Nothing was changed."),
}

DOT_OF: dict[State, int] = {
    State.RECEIVED: 1,
    State.VERIFYING: 2,
    State.CONFIRMED: 3,
    State.IN_REVIEW: 3,
    State.WAITING_CUSTOMER: 3,
    State.APPROVED: 3,
    State.PARTLY_APPROVED: 3,
    State.COOLING_OFF: 3,
    State.EXECUTING: 4,
    State.CHECKING: 4,
    State.NEEDS_ATTENTION: 4,
    State.REFUSED: 5,
    State.COMPLETED: 5,
    State.COMPLETED_WITH_HOLDS: 5,
    State.CANCELLED: 5,
}

CANCELLABLE = frozenset(state for state, onward in MOVES.items() if State.CANCELLED in onward)
CLOSED = frozenset({State.REFUSED, State.COMPLETED, State.COMPLETED_WITH_HOLDS, State.CANCELLED})
OPEN = frozenset(State) - CLOSED


def dot_of(state: State) -> int:
    """Which of the five dots (1 受理, 2 核验, 3 确认, 4 执行, 5 反馈) a state belongs to."""
    return DOT_OF[state]


def may_move(start: State, to: State) -> bool:
    """Whether the table of moves has this one."""
    return to in MOVES[start]
