package io.portproxy.http;

/**
 * Decides what becomes of a connection's next request, whose head is complete: it goes to the target, it waits until the earlier ones
 * have been answered, or the connection goes elsewhere with it. Not thread-safe.
 */
final class RequestTurn {
    /** What becomes of it. */
    enum Verdict {
        GOES,
        WAITS,
        LEAVES
    }

    private final RouteMatch route;
    private final ResponseRelay responses;

    /**
     * @param route which requests are for this target
     * @param responses those to the earlier ones
     */
    RequestTurn(RouteMatch route, ResponseRelay responses) {
        this.route = route;
        this.responses = responses;
    }

    /** @throws RefusedException it is not to be relayed at all */
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

    /** Whether what is not simply the next request has to wait. */
    boolean waitsForOthers() {
        return switch (responses.state()) {
            case FOLLOWING -> responses.outstanding() > 0;
            case LAST -> true;
            case LOST, SWITCHED, BROKEN -> false;
        };
    }
}
