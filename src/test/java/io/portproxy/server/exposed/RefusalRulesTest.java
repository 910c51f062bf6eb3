package io.portproxy.server.exposed;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.ProxyHeader;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that views show the refusal that a user would get. */
class RefusalRulesTest {
    private static final RouteSettings PLAIN = new RouteSettings(true, Optional.empty(), 80, Optional.empty());
    private static final RouteSettings ELSEWHERE =
            new RouteSettings(true, Optional.of("db.example"), 80, Optional.empty());
    private static final RouteSettings DATAGRAMS = new RouteSettings(
            true,
            Optional.empty(),
            53,
            Optional.empty(),
            Optional.empty(),
            Optional.of(UdpSettings.DEFAULT),
            Optional.empty());

    private final AddressState state = AddressState.fresh(List.of(), () -> 0);

    private RefusalRules rules(RouteSettings settings) {
        return new RefusalRules(settings, state);
    }

    private static RouteSettings withHeader(RouteSettings settings) {
        return settings.withProxyProtocol(Optional.of(ProxyHeader.Version.V2));
    }

    private static TunnelView tunnel(String dialect, boolean available, boolean firstBytes, boolean datagrams) {
        return new TunnelView(
                "192.0.2.1:1",
                dialect,
                "plain",
                Instant.EPOCH,
                0,
                Optional.empty(),
                available,
                0,
                0,
                firstBytes,
                datagrams);
    }

    private static TunnelView classic() {
        return tunnel("classic", true, false, false);
    }

    private static TunnelView extended() {
        return tunnel("extended", true, true, true);
    }

    @Test
    void aTunnelThatCannotDoWhatTheRouteNeedsRefuses() {
        assertThat(rules(PLAIN).refusalBy(classic())).isEmpty();
        assertThat(rules(ELSEWHERE).refusalBy(classic())).contains(PortRefusal.DIALECT);
        assertThat(rules(DATAGRAMS).refusalBy(classic())).contains(PortRefusal.DIALECT);
        assertThat(rules(withHeader(PLAIN)).refusalBy(classic())).contains(PortRefusal.PROXY_PROTOCOL);
        assertThat(rules(withHeader(ELSEWHERE)).refusalBy(classic())).contains(PortRefusal.DIALECT);
        for (RouteSettings settings : List.of(PLAIN, withHeader(PLAIN), ELSEWHERE, withHeader(DATAGRAMS))) {
            assertThat(rules(settings).refusalBy(extended())).isEmpty();
        }
    }

    @Test
    void viewsShowTheSameRefusalIfNoTunnelCanCarryTheUser() {
        for (RouteSettings settings : List.of(PLAIN, ELSEWHERE, DATAGRAMS, withHeader(PLAIN), withHeader(ELSEWHERE))) {
            RefusalRules rules = rules(settings);
            assertThat(rules.refusalNow(List.of(classic(), classic()))).isEqualTo(rules.refusalBy(classic()));
            assertThat(rules.refusalNow(List.of(classic(), extended()))).isEmpty();
        }
    }

    @Test
    void withoutATunnelTheRemoteIsAwayOrHasReachedItsLimit() {
        TunnelView full = tunnel("extended", false, true, true);

        assertThat(rules(ELSEWHERE).refusalNow(List.of())).contains(PortRefusal.REMOTE_AWAY);
        assertThat(rules(ELSEWHERE).refusalNow(List.of(full))).contains(PortRefusal.LIMIT);
        assertThat(rules(ELSEWHERE).refusalNow(List.of(full, classic()))).contains(PortRefusal.DIALECT);
    }

    @Test
    void whatRefusesAllUsersComesFirst() {
        RouteSettings disabled = new RouteSettings(false, Optional.empty(), 80, Optional.empty());
        state.usedUp().set(true);

        assertThat(rules(PLAIN).refusalNow(List.of())).contains(PortRefusal.QUOTA);
        assertThat(rules(PLAIN).refusal()).contains(PortRefusal.QUOTA);
        assertThat(rules(disabled).refusalNow(List.of(extended()))).contains(PortRefusal.DISABLED);
    }
}
