package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.net.EventLoop;
import io.portproxy.server.exposed.Destination;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.UdpSession;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.limits.RouteLimits;
import io.portproxy.tunnel.Carrier;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The dispatcher of the users of one remote. It gives each user of the remote's ports and hosts to one of the remote's
 * tunnels, or refuses the user. On the remote's loop, unless a method says otherwise.
 */
final class UserDispatch implements Destination, HeldUsers.Owner {
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
    public void accepted(IncomingConnection user, Route route) {
        admit(
                user.address().getAddress(),
                route,
                ticket -> admitted(user.on(ticket), route),
                why -> refuse(user, route, why));
    }

    /** Applies the rules and limits of a route to a user. Calls one of the two receivers at once. */
    private static void admit(
            InetAddress user, Route route, Consumer<RouteLimits.Ticket> admitted, Consumer<PortRefusal> refused) {
        Optional<PortRefusal> why = route.rules().refusal();
        if (why.isPresent()) {
            refused.accept(why.get());
            return;
        }
        RouteLimits.Admission admission = route.limits().enter(user);
        if (admission instanceof RouteLimits.Refused refusal) {
            refused.accept(PortRefusal.of(refusal.why()));
        } else if (admission instanceof RouteLimits.Ticket ticket) {
            admitted.accept(ticket);
        }
    }

    private void admitted(IncomingConnection user, Route route) {
        guard(
                () -> user.continueOn(
                        loop, here -> dispatchOrHold(here, route), moved -> refuse(moved, route, PortRefusal.LIMIT)),
                () -> release(user));
    }

    private void dispatchOrHold(IncomingConnection user, Route route) {
        guard(
                () -> {
                    Optional<Duration> hold = tunnels.areAway() ? route.limits().holdWhileAway() : Optional.empty();
                    if (hold.isEmpty() || !held.hold(user, route, hold.get())) {
                        dispatch(user, route);
                    }
                },
                () -> release(user));
    }

    /** Takes a step on a user's way. If it throws, which is a bug, the user is released, who may have no other owner. */
    private static void guard(Runnable step, Runnable release) {
        try {
            step.run();
        } catch (Throwable e) {
            release.run();
            throw e;
        }
    }

    /** Closes a connection after a bug. If it has another owner, this does no harm. */
    private static void release(IncomingConnection user) {
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
    public void serve(IncomingConnection user, Route route) {
        if (mayWait(user, route)) {
            dispatch(user, route.newest());
        } else {
            refuseHeld(user, route);
        }
    }

    @Override
    public boolean mayWait(IncomingConnection user, Route route) {
        return route.refusalOfWaiting().isEmpty() && route.newest().isOpenTo(user);
    }

    @Override
    public void refuseHeld(IncomingConnection user, Route route) {
        Optional<PortRefusal> why = route.refusalOfWaiting();
        if (why.isEmpty() && !route.newest().isOpenTo(user)) {
            user.terms().ended();
            route.newest().refusals().notAdmitted(user);
        } else {
            refuse(user, route, why.orElse(PortRefusal.REMOTE_AWAY));
        }
    }

    private void dispatch(IncomingConnection user, Route route) {
        choose(
                route,
                (tunnel, carrier) -> {
                    if (carrier.loop() == loop) {
                        open(carrier, user, route);
                    } else {
                        hand(tunnel, carrier, user, route);
                    }
                },
                why -> refuse(user, route, why));
    }

    /** Selects the tunnel for a user. Calls one of the two receivers at once. */
    private void choose(Route route, BiConsumer<RemoteTunnel, Carrier> chosen, Consumer<PortRefusal> refused) {
        Optional<RemoteTunnel> next = tunnels.next();
        Optional<Carrier> carrier = next.flatMap(RemoteTunnel::carrier);
        if (next.isEmpty() || carrier.isEmpty()) {
            refused.accept(route.rules().refusalWithoutTunnel(tunnels.isEmpty()));
        } else {
            chosen.accept(next.get(), carrier.get());
        }
    }

    /** Hands the user to a tunnel of another loop. */
    private void hand(RemoteTunnel tunnel, Carrier carrier, IncomingConnection user, Route route) {
        IncomingConnection moved = user.movedTo(carrier.loop());
        if (!tunnel.tryGive(() -> open(carrier, moved, route))) {
            refuse(moved, route, PortRefusal.LIMIT);
        }
    }

    /** On the carrier's loop. */
    private void open(Carrier carrier, IncomingConnection user, Route route) {
        guard(
                () -> {
                    Optional<PortRefusal> why = refusalBy(carrier, route);
                    if (why.isPresent()) {
                        refuse(user, route, why.get());
                        return;
                    }
                    carrier.open(
                            route.opens().of(identities.next(), user),
                            user.transport(),
                            route.input(user),
                            route.streams().on(carrier.loop()),
                            user.acceptedAt(),
                            user.terms());
                },
                () -> release(user));
    }

    /** On the carrier's loop. */
    private static Optional<PortRefusal> refusalBy(Carrier carrier, Route route) {
        return carrier.takesMore() ? route.rules().refusalBy(carrier) : Optional.of(PortRefusal.LIMIT);
    }

    @Override
    public void began(UdpSession session, Route route) {
        admit(
                session.user().getAddress(),
                route,
                ticket -> {
                    session.admitted(ticket);
                    admitted(session, route);
                },
                why -> refuse(session, route, why));
    }

    private void admitted(UdpSession session, Route route) {
        Runnable dispatch = () -> guard(() -> dispatch(session, route), session::refused);
        if (loop.inLoop()) {
            dispatch.run();
        } else if (!loop.tryExecute(dispatch)) {
            refuse(session, route, PortRefusal.LIMIT);
        }
    }

    private void dispatch(UdpSession session, Route route) {
        choose(
                route,
                (tunnel, carrier) -> {
                    if (carrier.loop() == loop) {
                        open(carrier, session, route);
                    } else if (!tunnel.tryGive(() -> open(carrier, session, route))) {
                        refuse(session, route, PortRefusal.LIMIT);
                    }
                },
                why -> refuse(session, route, why));
    }

    /** On the carrier's loop. */
    private void open(Carrier carrier, UdpSession session, Route route) {
        guard(
                () -> {
                    Optional<PortRefusal> why = refusalBy(carrier, route);
                    if (why.isPresent()) {
                        refuse(session, route, why.get());
                        return;
                    }
                    session.opened(carrier.openDatagrams(
                            route.opens().of(identities.next(), session.user(), session.exposed()),
                            session,
                            route.streams().on(carrier.loop()),
                            route.datagrams(),
                            session.begunAt()));
                },
                session::refused);
    }

    /** Refuses a session. Reports no event, because a sender's address can be forged. Any thread. */
    private void refuse(UdpSession session, Route route, PortRefusal why) {
        route.refusals().count(why);
        session.refused();
        route.refusals().tell(session.userText(), why);
    }

    /** Refuses a user. Any thread. */
    private void refuse(IncomingConnection user, Route route, PortRefusal why) {
        user.terms().ended();
        if (user.loop().inLoop()) {
            route.refusals().refuse(user, why);
        } else if (!user.loop().executeUnlessEnded(() -> route.refusals().refuse(user, why))) {
            user.reset();
        }
        events.userRefused(route.name(), user.addressText(), route.target(), why.key());
        route.refusals().tell(user.addressText(), why);
    }
}
