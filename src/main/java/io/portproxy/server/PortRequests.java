package io.portproxy.server;

import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.server.GrantedPort.Asker;
import java.util.function.Consumer;

/** Takes what remotes ask for to the {@link Desk}. Any thread. */
final class PortRequests {
    private final Remotes remotes;
    private final Desk desk;
    private final Grants grants;

    PortRequests(Remotes remotes, Desk desk) {
        this.remotes = remotes;
        this.desk = desk;
        this.grants = new Grants(remotes, desk);
    }

    /** At the desk, and within a change of the remotes. */
    Grants grants() {
        return grants;
    }

    /**
     * A remote asks for a port.
     *
     * @param answer gets the answer, on any thread
     */
    void ask(Remote remote, Asker asker, Expose wish, Consumer<ExposeInstruction> answer) {
        if (!desk.ask(() -> answer.accept(grants.ask(remote, asker, wish)))) {
            answer.accept(
                    grants.refuse(remote, wish, ExposeRefusal.BUSY, "this server is too busy, or stops; try again"));
        }
    }

    /** A tunnel in which a remote has asked for ports has ended. */
    void ended(Remote remote, RemoteTunnel tunnel) {
        desk.must(() -> grants.ended(remote, tunnel));
    }

    /** A remote of a template has lost its last tunnel. */
    void idle(Remote remote) {
        desk.must(() -> remotes.forgetIfIdle(remote));
    }

    /**
     * A remote greets whose name a template has.
     *
     * @param outcome gets the remote, or why there is none, at the desk
     * @return whether that will be told; otherwise too many wait already
     */
    boolean find(String name, Consumer<Remotes.Found> outcome) {
        return desk.ask(() -> outcome.accept(remotes.findOrMake(name)));
    }

    /** Does nothing more. */
    void close() {
        desk.close();
    }
}
