package io.portproxy.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.server.limits.LimitSettings.Bandwidth;
import io.portproxy.server.limits.RouteLimits.Refused;
import io.portproxy.server.limits.RouteLimits.Ticket;
import io.portproxy.tunnel.stream.StreamBounds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests all levels of limits together, with a clock that only the test moves. */
class RouteLimitsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final LimitSettings NONE = LimitSettings.NONE;

    private long now;
    private final LimitLevel server = new LimitLevel(() -> now, 3);
    private final LimitLevel remote = server.another();
    private final LimitLevel port = server.another();
    private final RouteLimits limits = RouteLimits.of(List.of(server, remote, port));

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private final List<Ticket> tickets = new ArrayList<>();

    private Optional<LimitRefusal> tryEnter(String user) {
        RouteLimits.Admission admission = limits.enter(address(user));
        if (admission instanceof Ticket ticket) {
            tickets.add(ticket);
            return Optional.empty();
        }
        return Optional.of(((Refused) admission).why());
    }

    private void isLetIn(String user) {
        assertThat(tryEnter(user)).isEmpty();
    }

    private void isRefused(String user, LimitRefusal why) {
        assertThat(tryEnter(user)).contains(why);
    }

    private void leave(int index) {
        tickets.remove(index).ended();
    }

    @Test
    void everyLevelsConnectionsCount() {
        server.change(NONE.withConnections(3, 0));
        port.change(NONE.withConnections(2, 0));
        isLetIn("10.0.0.1");
        isLetIn("10.0.0.1");
        isRefused("10.0.0.1", LimitRefusal.CONNECTIONS);
        assertThat(limits.isFull()).isTrue();
        assertThat(server.connections()).isEqualTo(2); // a refused user does not count

        RouteLimits other = RouteLimits.of(List.of(server, remote, server.another()));
        assertThat(other.enter(address("10.0.0.1"))).isInstanceOf(Ticket.class);
        assertThat(other.enter(address("10.0.0.1"))).isEqualTo(new Refused(LimitRefusal.CONNECTIONS));
        leave(0);
        isLetIn("10.0.0.1");
    }

    @Test
    void aLimitThatComesLaterCountsThoseThatThereAre() {
        isLetIn("10.0.0.1");
        isLetIn("10.0.0.1");
        assertThat(remote.change(NONE.withConnections(2, 0))).isTrue();
        assertThat(remote.change(NONE.withConnections(2, 0))).isFalse();
        isRefused("10.0.0.1", LimitRefusal.CONNECTIONS);
        leave(0);
        leave(0);
        assertThat(remote.connections()).isZero();
        remote.change(NONE);
        isLetIn("10.0.0.1");
    }

    @Test
    void aTicketIsGivenBackOnce() {
        isLetIn("10.0.0.1");
        Ticket ticket = tickets.get(0);
        ticket.ended();
        ticket.ended();
        assertThat(server.connections()).isZero();
    }

    @Test
    void usersAreToldApartByAddressAndNetwork() {
        port.change(NONE.withConnections(0, 1));
        isLetIn("10.0.0.1");
        isLetIn("10.0.0.2");
        isRefused("10.0.0.1", LimitRefusal.CONNECTIONS_PER_USER);
        isLetIn("2001:db8::1");
        isRefused("2001:db8::ffff:1", LimitRefusal.CONNECTIONS_PER_USER);
        assertThat(port.users()).isEqualTo(3);
        leave(0);
        isLetIn("10.0.0.1");
        leave(0);
        leave(0);
        leave(0);
        assertThat(port.users()).isZero();
    }

    @Test
    void aFullTableRefusesNewUsersUntilOneHasNothingAnyMore() {
        port.change(NONE.withConnections(0, 5));
        isLetIn("10.0.0.1");
        isLetIn("10.0.0.2");
        isLetIn("10.0.0.3");
        isRefused("10.0.0.4", LimitRefusal.USERS);
        isLetIn("10.0.0.3");
        leave(0);
        isLetIn("10.0.0.4");
    }

    @Test
    void aFullTableForgetsUsersWhoseSecondIsOver() {
        port.change(NONE.withOpens(0, 1));
        for (String user : List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")) {
            isLetIn(user);
        }
        leave(0);
        leave(0);
        leave(0);
        isRefused("10.0.0.4", LimitRefusal.USERS); // forgotten users would get a fresh second
        now += 2 * SECOND;
        isLetIn("10.0.0.4");
        assertThat(port.users()).isEqualTo(1);
    }

    @Test
    void opensASecondAreBounded() {
        remote.change(NONE.withOpens(2, 0));
        isLetIn("10.0.0.1");
        isLetIn("10.0.0.2");
        isRefused("10.0.0.3", LimitRefusal.RATE);
        now += SECOND / 2;
        isLetIn("10.0.0.3");
        isRefused("10.0.0.3", LimitRefusal.RATE);
    }

    @Test
    void whoIsRefusedByOneLevelUsesUpNothingOfAnother() {
        server.change(NONE.withOpens(1, 0));
        port.change(NONE.withOpens(0, 1));
        isLetIn("10.0.0.1");
        now += SECOND - 1;
        isRefused("10.0.0.2", LimitRefusal.RATE);
        now += 1;
        isLetIn("10.0.0.2");
        now += SECOND;
        port.change(NONE.withConnections(2, 0));
        isRefused("10.0.0.3", LimitRefusal.CONNECTIONS);
        leave(0);
        isLetIn("10.0.0.3");
    }

    @Test
    void boundsAreThoseOfAllLevels() {
        isLetIn("10.0.0.1");
        assertThat(tickets.get(0).bounds()).isEmpty();

        server.change(NONE.withBandwidth(new Bandwidth(1000, 0))
                .withTimes(Optional.of(Duration.ofSeconds(9)), Optional.empty()));
        remote.change(NONE.withBandwidthPerConnection(new Bandwidth(50, 60))
                .withTimes(Optional.of(Duration.ofSeconds(3)), Optional.of(Duration.ofSeconds(7))));
        port.change(NONE.withBandwidth(new Bandwidth(100, 200)).withBandwidthPerConnection(new Bandwidth(70, 40)));

        StreamBounds bounds = tickets.get(0).bounds().orElseThrow();
        assertThat(bounds.in()).extracting(bucket -> bucket.rate()).containsExactly(1000L, 100L);
        assertThat(bounds.out()).extracting(bucket -> bucket.rate()).containsExactly(200L);
        assertThat(bounds.inOfOne()).isEqualTo(50);
        assertThat(bounds.outOfOne()).isEqualTo(40);
        assertThat(bounds.idleNanos()).isEqualTo(3 * SECOND);
        assertThat(bounds.durationNanos()).isEqualTo(7 * SECOND);
    }

    @Test
    void theNarrowestLevelSaysHowLongUsersWait() {
        assertThat(limits.holdWhileAway()).isEmpty();
        server.change(NONE.withHold(Optional.of(Duration.ofSeconds(9))));
        assertThat(limits.holdWhileAway()).contains(Duration.ofSeconds(9));
        port.change(NONE.withHold(Optional.of(Duration.ofSeconds(1))));
        assertThat(limits.holdWhileAway()).contains(Duration.ofSeconds(1));
    }

    @Test
    void datagramsBeyondABandwidthAreRefusedAndTakeNothing() {
        server.change(NONE.withBandwidth(new Bandwidth(1000, 0)));
        port.change(NONE.withBandwidthPerConnection(new Bandwidth(100, 0)));
        isLetIn("10.0.0.1");
        isLetIn("10.0.0.2");
        Ticket one = tickets.get(0);
        Ticket other = tickets.get(1);
        assertThat(one.takeIn(50, now)).isTrue();
        assertThat(one.takeIn(1, now)).isFalse();
        assertThat(other.takeIn(1, now)).isTrue();
        assertThat(one.takeOut(1 << 20, now)).isTrue();
    }
}
