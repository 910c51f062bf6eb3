package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.server.Limits;
import java.util.Optional;

/**
 * The room that a server's limits leave beside what a plan has. Where a plan has more than that, since somebody has lowered a limit,
 * it need not grow smaller at once: it must only not grow. For one thread.
 */
final class Room {
    private final Limits limits;
    private final int mostRemotes;
    private final int mostPorts;
    private int remotes;
    private int ports;

    /**
     * @param limits the server's
     * @param before what there is now
     * @param kept what of it stays in any case
     */
    Room(Limits limits, Plan before, Plan kept) {
        this.limits = limits;
        mostRemotes = Math.max(limits.remotes(), before.remotes());
        mostPorts = Math.max(limits.ports(), before.ports());
        remotes = kept.remotes();
        ports = kept.ports();
    }

    /**
     * Takes the room for a remote.
     *
     * @param at where it is in a document
     * @return why there is none; nothing was taken then
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
     * Takes the room for a gateway.
     *
     * @param pointer where it is in a document
     * @return why there is none; nothing was taken then
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
