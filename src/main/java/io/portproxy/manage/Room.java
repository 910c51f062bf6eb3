package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.server.Limits;
import java.util.Optional;

/**
 * The remotes and ports that a change may still add within the server's limits. If the plan already exceeds a limit, because the limit was
 * lowered, a change does not have to remove anything. It only must not add more. For one thread.
 */
final class Room {
    private final Limits limits;
    private final int mostRemotes;
    private final int mostPorts;
    private int remotes;
    private int ports;

    /**
     * @param limits the server's limits
     * @param before the current plan
     * @param kept the part of the current plan that stays
     */
    Room(Limits limits, Plan before, Plan kept) {
        this.limits = limits;
        mostRemotes = Math.max(limits.remotes(), before.remotes());
        mostPorts = Math.max(limits.ports(), before.ports());
        remotes = kept.remotes();
        ports = kept.ports();
    }

    /**
     * Reserves room for a remote.
     *
     * @param at where the remote is in a document
     * @return the problem if there is no room; then nothing is reserved
     */
    Optional<ChangeProblem> take(RemoteDefinition remote, Pointers at) {
        int more = remote.size();
        if (remotes + 1 > mostRemotes) {
            return Optional.of(problem(at.remote(), remotes + 1, "remotes", limits.remotes()));
        } else if (ports + more > mostPorts) {
            return Optional.of(problem(at.ports(), ports + more, "ports", limits.ports()));
        }
        remotes++;
        ports += more;
        return Optional.empty();
    }

    /**
     * Reserves room for a gateway.
     *
     * @param pointer where the gateway is in a document
     * @return the problem if there is no room; then nothing is reserved
     */
    Optional<ChangeProblem> takeGateway(String pointer) {
        if (ports + 1 > mostPorts) {
            return Optional.of(problem(pointer, ports + 1, "ports", limits.ports()));
        }
        ports++;
        return Optional.empty();
    }

    private static ChangeProblem problem(String pointer, int count, String what, int most) {
        return new ChangeProblem(
                pointer,
                Optional.empty(),
                "there would be " + count + " " + what + ", which is more than portproxy.server.max-" + what + " ("
                        + most + ")",
                "remove others, or raise that property and restart the server");
    }
}
