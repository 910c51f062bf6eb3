package io.portproxy.server;

import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.server.exposed.Route;
import java.util.function.Consumer;

/** The link from remotes to the {@link GrantThread}, for their requests and for the news about them. Any thread. */
final class PortRequests implements Remote.Requests {
    private final GrantThread grantThread;
    private final Grants grants;
    private final Consumer<Remote> forgetIfIdle;
    private final Consumer<Route> left;

    /**
     * @param forgetIfIdle gets a remote of a template that may have nothing left, on the {@link GrantThread}
     * @param left gets ports and hosts that were removed
     */
    PortRequests(GrantThread grantThread, Grants grants, Consumer<Remote> forgetIfIdle, Consumer<Route> left) {
        this.left = left;
        this.grantThread = grantThread;
        this.grants = grants;
        this.forgetIfIdle = forgetIfIdle;
    }

    @Override
    public void ask(Remote remote, Asker asker, Expose wish, Consumer<ExposeInstruction> answer) {
        if (!grantThread.ask(() -> answer.accept(grants.ask(remote, asker, wish)))) {
            answer.accept(
                    grants.refuse(remote, wish, ExposeRefusal.BUSY, "this server is too busy, or stops; try again"));
        }
    }

    @Override
    public void ended(Remote remote, RemoteTunnel tunnel) {
        grantThread.must(() -> grants.ended(remote, tunnel));
    }

    @Override
    public void left(Route route) {
        left.accept(route);
    }

    @Override
    public void idle(Remote remote) {
        grantThread.must(() -> forgetIfIdle.accept(remote));
    }
}
