package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortRefusal;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.UdpSession;
import io.portproxy.server.exposed.UserConnection;
import io.portproxy.server.limits.RouteLimits;
import io.portproxy.tunnel.Carrier;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The dispatcher of the users of one remote. It gives each user of the remote's ports and hosts to one of the remote's
 * tunnels, or refuses the user. On the remote's loop, unless a method says otherwise.
 */
final class UserDispatch implements ExposedPort.Destination, HeldUsers.Owner {
    private static final Logger log = LoggerFactory.getLogger(UserDispatch.class);

    private final EventLoop loop;
    private final RemoteTunnels tunnels;
    private final Identities identities;
    private final RemoteEvents events;
    private final HeldUsers held;

    /**
     * @param loop the remote's loop
     * @param room limits how many users may wait
     */
    UserDispatch(EventLoop loop, RemoteTunnels tunnels, Identities identities, RemoteEvents events, HeldRoom room) {
        this.held = new HeldUsers(loop, room, this);
        this.loop = loop;
        this.tunnels = tunnels;
        this.identities = identities;
        this.events = events;
    }

    /** Takes a user. On any loop: a port keeps its loop when it goes to another remote. */
    @Override
    public void accepted(UserConnection user, Route route) {
        if (!route.settings().enabled()) {
            refuse(user, route, PortRefusal.DISABLED);
            return;
        } else if (route.isUsedUp()) {
            refuse(user, route, PortRefusal.QUOTA);
            return;
        }
        RouteLimits.Admission admission = route.limits().enter(user.user().getAddress());
        if (admission instanceof RouteLimits.Refused refused) {
            refuse(user, route, PortRefusal.of(refused.why()));
        } else if (admission instanceof RouteLimits.Ticket ticket) {
            admitted(user.on(ticket), route);
        }
    }

    private void admitted(UserConnection user, Route route) {
        if (user.loop() == loop) {
            dispatchOrHold(user, route);
            return;
        }
        UserConnection moved;
        try {
            moved = user.movedTo(loop);
        } catch (Throwable e) {
            release(user);
            throw e;
        }
        if (!loop.tryExecute(() -> dispatchOrHold(moved, route))) {
            refuse(moved, route, PortRefusal.LIMIT);
        }
    }

    private void dispatchOrHold(UserConnection user, Route route) {
        try {
            Optional<Duration> hold = tunnels.areAway() ? route.limits().holdWhileAway() : Optional.empty();
            if (hold.isEmpty() || !held.hold(user, route, hold.get())) {
                dispatch(user, route);
            }
        } catch (Throwable e) {
            release(user);
            throw e;
        }
    }

    /** Closes a connection after a bug, because it may have no other owner. If it has one, this does no harm. */
    private static void release(UserConnection user) {
        user.terms().ended();
        user.reset();
    }

    /** Serves the users who wait, because the remote has a tunnel again. */
    void back() {
        held.serve();
    }

    /** Refuses the users who wait, because the remote is removed, disabled or stopped. */
    void gone() {
        held.refuse();
    }

    /** Refuses the users who wait and may not any longer, after a change of ports, quotas or access lists. Any thread. */
    void recheckWaiting() {
        loop.executeUnlessEnded(held::recheck);
    }

    /** Checks the user again, because much may have changed while the user waited. */
    @Override
    public void serve(UserConnection user, Route route) {
        if (mayWait(user, route)) {
            dispatch(user, route.newest());
        } else {
            refuseHeld(user, route);
        }
    }

    @Override
    public boolean mayWait(UserConnection user, Route route) {
        return route.refusalOfWaiting().isEmpty() && route.newest().isOpenTo(user);
    }

    @Override
    public void refuseHeld(UserConnection user, Route route) {
        Optional<PortRefusal> why = route.refusalOfWaiting();
        if (why.isEmpty() && !route.newest().isOpenTo(user)) {
            user.terms().ended();
            route.newest().turnAway(user);
        } else {
            refuse(user, route, why.orElse(PortRefusal.REMOTE_AWAY));
        }
    }

    private void dispatch(UserConnection user, Route route) {
        Optional<RemoteTunnel> next = tunnels.next();
        Optional<Carrier> carrier = next.flatMap(RemoteTunnel::carrier);
        if (next.isEmpty() || carrier.isEmpty()) {
            refuse(user, route, tunnels.isEmpty() ? PortRefusal.REMOTE_AWAY : PortRefusal.LIMIT);
        } else if (carrier.get().loop() == loop) {
            open(carrier.get(), user, route);
        } else {
            hand(next.get(), carrier.get(), user, route);
        }
    }

    /** Hands the user to a tunnel of another loop. */
    private void hand(RemoteTunnel tunnel, Carrier carrier, UserConnection user, Route route) {
        UserConnection moved = user.movedTo(carrier.loop());
        tunnel.give();
        boolean taken = carrier.loop().tryExecute(() -> {
            try {
                open(carrier, moved, route);
            } finally {
                tunnel.given();
            }
        });
        if (!taken) {
            tunnel.given();
            refuse(moved, route, PortRefusal.LIMIT);
        }
    }

    /** On the carrier's loop. */
    private void open(Carrier carrier, UserConnection user, Route route) {
        if (!carrier.takesMore()) {
            refuse(user, route, PortRefusal.LIMIT);
        } else if (carrier.dialect() == Dialect.CLASSIC && route.needsExtended()) {
            refuse(user, route, PortRefusal.DIALECT);
        } else if (route.needsFirstBytes() && !carrier.takesFirstBytes()) {
            refuse(user, route, PortRefusal.PROXY_PROTOCOL);
        } else {
            try {
                carrier.open(
                        route.open(identities.next(), user),
                        user.transport(),
                        route.input(user),
                        route.totals(carrier.loop()),
                        user.acceptedAt(),
                        user.terms());
            } catch (Throwable e) {
                release(user);
                throw e;
            }
        }
    }

    @Override
    public void began(UdpSession session, Route route) {
        RouteLimits.Admission admission = route.limits().enter(session.user().getAddress());
        if (admission instanceof RouteLimits.Refused refused) {
            refuse(session, route, PortRefusal.of(refused.why()));
        } else if (admission instanceof RouteLimits.Ticket ticket) {
            session.admitted(ticket);
            admitted(session, route);
        }
    }

    private void admitted(UdpSession session, Route route) {
        if (loop.inLoop()) {
            dispatch(session, route);
        } else if (!loop.tryExecute(() -> dispatch(session, route))) {
            refuse(session, route, PortRefusal.LIMIT);
        }
    }

    private void dispatch(UdpSession session, Route route) {
        if (!route.settings().enabled()) {
            refuse(session, route, PortRefusal.DISABLED);
            return;
        } else if (route.isUsedUp()) {
            refuse(session, route, PortRefusal.QUOTA);
            return;
        }
        Optional<RemoteTunnel> next = tunnels.next();
        Optional<Carrier> carrier = next.flatMap(RemoteTunnel::carrier);
        if (next.isEmpty() || carrier.isEmpty()) {
            refuse(session, route, tunnels.isEmpty() ? PortRefusal.REMOTE_AWAY : PortRefusal.LIMIT);
            return;
        }
        EventLoop its = carrier.get().loop();
        if (its == loop) {
            open(carrier.get(), session, route);
            return;
        }
        RemoteTunnel tunnel = next.get();
        tunnel.give();
        boolean taken = its.tryExecute(() -> {
            try {
                open(carrier.get(), session, route);
            } finally {
                tunnel.given();
            }
        });
        if (!taken) {
            tunnel.given();
            refuse(session, route, PortRefusal.LIMIT);
        }
    }

    /** On the carrier's loop. */
    private void open(Carrier carrier, UdpSession session, Route route) {
        if (!carrier.takesMore()) {
            refuse(session, route, PortRefusal.LIMIT);
        } else if (!carrier.carriesDatagrams()) {
            refuse(session, route, PortRefusal.DIALECT);
        } else if (route.needsFirstBytes() && !carrier.takesFirstBytes()) {
            refuse(session, route, PortRefusal.PROXY_PROTOCOL);
        } else {
            try {
                session.opened(carrier.openDatagrams(
                        route.open(identities.next(), session.user(), session.exposed()),
                        session,
                        route.totals(carrier.loop()),
                        route.datagrams(),
                        session.begunAt()));
            } catch (Throwable e) {
                session.refused(); // a bug
                throw e;
            }
        }
    }

    /** Refuses a session. Reports no event, because a sender's address can be forged. Any thread. */
    private void refuse(UdpSession session, Route route, PortRefusal why) {
        route.refused(why);
        session.refused();
        tellRefused(session.userText(), route, why);
    }

    /** Refuses a user. Any thread. */
    private void refuse(UserConnection user, Route route, PortRefusal why) {
        user.terms().ended();
        if (user.loop().inLoop()) {
            route.refuse(user, why);
        } else if (!user.loop().executeUnlessEnded(() -> route.refuse(user, why))) {
            user.reset();
        }
        events.userRefused(route.name(), user.userText(), route.target(), why.key());
        tellRefused(user.userText(), route, why);
    }

    private void tellRefused(String user, Route route, PortRefusal why) {
        String line = "{}: user {} refused: remote {} {}";
        events.logFields()
                .andPort(route.name())
                .andReason(why.key())
                .log(() -> route.refusals().log(log, Level.INFO, line, route, user, route.remoteName(), why.text()));
    }
}
