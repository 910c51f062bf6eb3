package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.usage.Amounts;
import io.portproxy.usage.Quota;
import io.portproxy.usage.Span;
import io.portproxy.usage.Usage;
import io.portproxy.usage.UsageBatch;
import io.portproxy.usage.UsageKey;
import io.portproxy.usage.UsageQuery;
import io.portproxy.usage.UsageRow;
import io.portproxy.usage.UsageSettings;
import io.portproxy.usage.UsageStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what happens to users when a quota is used up. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED_IN_THREE_TUNNELS"})
class QuotaTest {
    private static final UsageSettings OFTEN = new UsageSettings(
            Duration.ofMillis(100), Duration.ofDays(7), Duration.ofDays(120), Duration.ofDays(1830), 100);
    private static final Optional<Quota> SMALL = Optional.of(new Quota(1000, Span.DAY));

    private final Speech speech;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
    private ServerUnderTest server;
    private int target;

    QuotaTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    private PortSettings port() {
        return TestSettings.tcp(TestSettings.anyPort(), target);
    }

    private void start(Optional<Quota> ofRemote, PortSettings... ports) throws Exception {
        start(() -> UsageStore.NONE, ofRemote, ports);
    }

    /** @param store supplies the store when the server listens */
    private void start(Supplier<UsageStore> store, Optional<Quota> ofRemote, PortSettings... ports) throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(new RemoteSettings("r", speech.tokens(), List.of(ports)).withQuota(ofRemote)));
        open.add(server);
        Usage usage = new Usage(OFTEN, store.get(), server.role(), clock());
        open.add(usage);
        usage.start();
        open.add(new ClientUnderTest(speech.client("r", server.tunnelAddress())));
        await().until(server::connected);
    }

    private void echo() {
        Target echo = Target.echo();
        open.add(echo);
        target = echo.port();
    }

    private PlainSocket user(int port) throws Exception {
        PlainSocket user = PlainSocket.connect(server.exposed(port));
        open.add(user);
        return user;
    }

    private void echoed(PlainSocket user, int bytes) throws Exception {
        int before = user.size();
        user.send(new byte[bytes]);
        user.awaitReceived(before + bytes);
    }

    private List<QuotaView> quotas() {
        return server.role().remotes().get(0).quotas();
    }

    private long refused(int port) {
        return server.role().remotes().get(0).ports().get(port).refused().getOrDefault("quota", 0L);
    }

    @Test
    void usersAreResetAndRefusedUntilTheNextDay() throws Exception {
        echo();
        start(Optional.empty(), port().withQuota(SMALL), port());
        PlainSocket user = user(0);
        try (LogRecorder log = new LogRecorder()) {
            echoed(user, 410);
            await().untilAsserted(() -> assertThat(log.linesWith("the quota of"))
                    .singleElement()
                    .asString()
                    .contains("of remote r: the quota of 1000 bytes per day has reached 80 %: 820 bytes so far"));
            echoed(user, 90);
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            await().untilAsserted(() -> assertThat(log.linesWith("the quota of"))
                    .hasSize(2)
                    .element(1)
                    .asString()
                    .contains("is used up: 1000 bytes so far; it starts again at 2026-02-01T00:00:00Z"));
        }
        assertThat(quotas()).singleElement().satisfies(quota -> {
            assertThat(quota.used()).isEqualTo(1000);
            assertThat(quota.isUsedUp()).isTrue();
        });
        assertThat(server.role().remotes().get(0).ports().get(0).refusing()).contains(PortRefusal.QUOTA);
        assertThat(user(0).awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> refused(0) == 1);
        echoed(user(1), 5000); // another port has no quota

        now.set(Instant.parse("2026-02-01T00:00:00Z"));
        await().until(() -> quotas().stream().noneMatch(QuotaView::isUsedUp));
        echoed(user(0), 100);
    }

    @Test
    void thatOfARemoteIsOfAllItsPorts() throws Exception {
        echo();
        start(SMALL, port(), port());
        PlainSocket first = user(0);
        PlainSocket second = user(1);
        echoed(first, 250);
        echoed(second, 250);

        assertThat(first.awaitEnd()).isEqualTo(End.RESET);
        assertThat(second.awaitEnd()).isEqualTo(End.RESET);
        assertThat(quotas())
                .singleElement()
                .satisfies(quota -> assertThat(quota.port()).isEmpty());
    }

    @Test
    void aPortThatIsAddedAgainHasUsedWhatItHas() throws Exception {
        echo();
        PortSettings fixed = port().withQuota(SMALL);
        start(Optional.empty(), fixed);
        PortSettings there =
                new PortSettings(server.exposed(0), Optional.empty(), target, Optional.empty()).withQuota(SMALL);
        server.change(List.of(new RemoteSettings("r", speech.tokens(), List.of(there))), Duration.ZERO, () -> {});
        PlainSocket user = user(0);
        echoed(user, 500);
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);

        server.change(List.of(new RemoteSettings("r", speech.tokens(), List.of())), Duration.ZERO, () -> {});
        await().ignoreExceptionsInstanceOf(ListenException.class)
                .until(
                        () -> { // the old port is still closing
                            server.change(
                                    List.of(new RemoteSettings("r", speech.tokens(), List.of(there))),
                                    Duration.ZERO,
                                    () -> {});
                            return true;
                        });
        assertThat(user(0).awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> refused(0) == 1);
    }

    @Test
    void aLargerQuotaLetsUsersInAgain() throws Exception {
        echo();
        start(SMALL, port());
        PlainSocket user = user(0);
        echoed(user, 500);
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        PortSettings there = new PortSettings(server.exposed(0), Optional.empty(), target, Optional.empty());

        server.change(
                List.of(new RemoteSettings("r", speech.tokens(), List.of(there))
                        .withQuota(Optional.of(new Quota(100_000, Span.DAY)))),
                Duration.ZERO,
                () -> {});
        await().until(() -> quotas().stream().noneMatch(QuotaView::isUsedUp));
        echoed(user(0), 500);
    }

    /** A store with usage of an earlier process: the same number of bytes in this hour, this day and this month. */
    private record KeptBefore(UsageKey key, long bytes, Instant now) implements UsageStore {
        @Override
        public boolean isThere() {
            return true;
        }

        @Override
        public void add(UsageBatch batch) {}

        @Override
        public Found find(UsageQuery query, long skip, int most) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
            return after.isPresent()
                    ? List.of()
                    : List.of(new UsageRow(query.by().begin(now), key, new Amounts(bytes, 0, 1, 0)));
        }

        @Override
        public void forget(Map<Span, Instant> before) {}
    }

    @Test
    void aQuotaThatIsNewIsToldAlsoOfWhatWasUsedBeforeTheStart() throws Exception {
        echo();
        try (LogRecorder log = new LogRecorder()) {
            start(
                    () -> new KeptBefore(new UsageKey("r", Sockets.text(server.exposed(0))), 900, now.get()),
                    SMALL,
                    port());
            await().untilAsserted(() -> assertThat(quotas())
                    .singleElement()
                    .satisfies(quota -> assertThat(quota.used()).isEqualTo(900)));
            assertThat(log.linesWith("the quota of")).isEmpty(); // the earlier process has logged it

            PortSettings there =
                    new PortSettings(server.exposed(0), Optional.empty(), target, Optional.empty()).withQuota(SMALL);
            server.change(
                    List.of(new RemoteSettings("r", speech.tokens(), List.of(there)).withQuota(SMALL)),
                    Duration.ZERO,
                    () -> {});

            assertThat(log.linesWith("the quota of"))
                    .singleElement()
                    .asString()
                    .contains("WARN port ")
                    .contains("has reached 80 %: 900 bytes so far");
        }
    }

    @Test
    void whoSpeaksHttpIsAnswered() throws Exception {
        Target application = WebUnderTest.application(WebUnderTest.heads());
        open.add(application);
        target = application.port();
        start(
                Optional.empty(),
                new PortSettings(
                                TestSettings.anyPort(),
                                Optional.empty(),
                                target,
                                Optional.of(WebUnderTest.http(target)))
                        .withQuota(Optional.of(new Quota(50, Span.MONTH))));
        PlainSocket user = user(0);
        user.send("GET /x HTTP/1.1\r\nHost: app.example.com\r\nX-Long: 0123456789012345678901234567890123456789\r\n\r\n"
                .getBytes(ISO_8859_1));
        await().until(() -> quotas().stream().anyMatch(QuotaView::isUsedUp));

        PlainSocket next = user(0);
        next.send("GET /x HTTP/1.1\r\nHost: app.example.com\r\n\r\n".getBytes(ISO_8859_1));
        await().until(() -> next.end().isPresent());
        assertThat(new String(next.received(), ISO_8859_1))
                .startsWith("HTTP/1.1 503 ")
                .contains("quota");
    }
}
