package io.portproxy.http;

/**
 * Decides what happens to the next request of a connection when its head is complete. It goes to the target, it waits
 * until the earlier requests have been answered, or the connection goes to another target. Not thread-safe.
 */
final class RequestTurn {
    /** What happens to the request. */
    enum Verdict {
        GOES,
        WAITS,
        LEAVES
    }

    private final RouteMatch route;
    private final ResponseRelay responses;

    /**
     * @param route says which requests are for this target
     * @param responses the responses to the earlier requests
     */
    RequestTurn(RouteMatch route, ResponseRelay responses) {
        this.route = route;
        this.responses = responses;
    }

    /** @throws RefusedException if the request must not be relayed at all */
    Verdict of(RequestHead request) throws RefusedException {
        boolean ours = route.matches(request);
        boolean simple = ours && !request.kind().mayEndHttp();
        if ((!simple && waitsForOthers()) || (responses.changesEach() && responses.isFull())) {
            return Verdict.WAITS;
        } else if (ours) {
            return Verdict.GOES;
        } else if (!responses.following()) {
            throw new RefusedException(421, "Use another connection for another host or path");
        }
        return Verdict.LEAVES;
    }

    /** Returns whether a request that ends HTTP or goes to another target has to wait. */
    boolean waitsForOthers() {
        return switch (responses.state()) {
            case FOLLOWING -> responses.outstanding() > 0;
            case LAST -> true;
            case LOST, SWITCHED, BROKEN -> false;
        };
    }
}
