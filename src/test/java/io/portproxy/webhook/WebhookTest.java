package io.portproxy.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portproxy.testing.LogRecorder;
import io.portproxy.tunnel.telemetry.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests webhooks with a real receiver. */
class WebhookTest {
    private static final byte[] KEY = "sixteen characters".getBytes(StandardCharsets.UTF_8);
    private static final Set<Event.Type> PRESENCE = EnumSet.of(Event.Type.REMOTE_DOWN, Event.Type.REMOTE_UP);

    private record Received(JsonNode body, String text, String id, String timestamp, String signature, String type) {
        String event() {
            return body.path("type").asString("") + " " + body.path("subject").asString("");
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile IntUnaryOperator status = attempt -> 204;
    private volatile boolean stalls;
    private volatile Duration timeout = Duration.ofSeconds(10);
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private HttpServer receiver;
    private Webhooks webhooks;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(threads);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        if (webhooks != null) {
            webhooks.close();
        }
        receiver.stop(0);
        threads.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        received.add(new Received(
                JsonMapper.shared().readTree(bytes),
                new String(bytes, StandardCharsets.UTF_8),
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                exchange.getRequestHeaders().getFirst("Content-Type")));
        int answer = status.applyAsInt(received.size());
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.sendResponseHeaders(answer, stalls ? 1_000 : -1);
        if (stalls) {
            exchange.getResponseBody().write('x'); // the rest never comes
            exchange.getResponseBody().flush();
        } else {
            exchange.close();
        }
    }

    private WebhookSettings settings(String name, Set<Event.Type> events, Duration patience, int queue) {
        return new WebhookSettings(
                name,
                URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook/secret-of-" + name),
                Signature.with(KEY),
                "/test",
                events,
                patience,
                queue,
                timeout,
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                Duration.ofSeconds(20));
    }

    private Webhook open(Set<Event.Type> events, Duration patience, int queue) {
        webhooks = new Webhooks(List.of(settings("hook", events, patience, queue)));
        return webhooks.all().get(0);
    }

    private static Event event(Event.Type type, String remote) {
        return event(type, true, remote);
    }

    private static Event event(Event.Type type, boolean server, String remote) {
        return new Event(
                type,
                1_700_000_000_123L,
                new Event.Whose(server, remote),
                new Event.Peer("192.0.2.1:5"),
                Event.Why.reason("tunnel_lost"),
                Event.Amounts.NONE);
    }

    @Test
    void anEventIsACloudEventThatIsSigned() throws Exception {
        open(PRESENCE, Duration.ZERO, 10);
        webhooks.happened(event(Event.Type.REMOTE_DOWN, "home"));
        await().until(() -> received.size() == 1);
        Received one = received.get(0);
        assertThat(one.type()).isEqualTo("application/cloudevents+json; charset=utf-8");
        assertThat(one.body().path("specversion").asString("")).isEqualTo("1.0");
        assertThat(one.body().path("type").asString("")).isEqualTo("io.portproxy.remote-down");
        assertThat(one.body().path("source").asString("")).isEqualTo("/test");
        assertThat(one.body().path("subject").asString("")).isEqualTo("home");
        assertThat(one.body().path("time").asString("")).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(one.body().path("id").asString("")).isEqualTo(one.id()).isNotEmpty();
        assertThat(one.body().path("data").toString())
                .isEqualTo("{\"role\":\"server\",\"remote\":\"home\",\"address\":\"192.0.2.1:5\","
                        + "\"reason\":\"tunnel_lost\"}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        mac.update((one.id() + "." + one.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
        assertThat(one.signature())
                .isEqualTo("v1,"
                        + Base64.getEncoder()
                                .encodeToString(mac.doFinal(one.text().getBytes(StandardCharsets.UTF_8))));
    }

    /** Uses the example of the specification (standardwebhooks.com, "Signature scheme"). */
    @Test
    void signsAsTheSpecificationDoes() {
        byte[] key = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assertThat(Signature.with(key)
                        .of(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330,
                                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .contains("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void othersAreNotSent() {
        Webhook hook = open(EnumSet.of(Event.Type.REMOTE_UP), Duration.ZERO, 10);
        webhooks.happened(event(Event.Type.TUNNEL_UP, "home"));
        webhooks.happened(event(Event.Type.REMOTE_UP, "home"));
        await().until(() -> hook.view().sent() == 1);
        assertThat(received).extracting(Received::event).containsExactly("io.portproxy.remote-up home");
    }

    @Test
    void aRemoteThatIsBackInTimeIsNotMentioned() {
        Webhook hook = open(PRESENCE, Duration.ofHours(1), 10);
        webhooks.happened(event(Event.Type.REMOTE_DOWN, "home"));
        webhooks.happened(event(Event.Type.REMOTE_UP, "home"));
        webhooks.happened(event(Event.Type.REMOTE_UP, "fresh"));
        await().until(() -> hook.view().sent() == 1);
        assertThat(received).extracting(Received::event).containsExactly("io.portproxy.remote-up fresh");
    }

    @Test
    void whatTheOtherEndSeesIsAnotherMatter() {
        Webhook hook = open(PRESENCE, Duration.ofHours(1), 10);
        webhooks.happened(event(Event.Type.REMOTE_DOWN, true, "home"));
        webhooks.happened(event(Event.Type.REMOTE_UP, false, "home"));
        webhooks.happened(event(Event.Type.REMOTE_UP, true, "home"));
        webhooks.happened(event(Event.Type.REMOTE_UP, true, "last"));
        await().until(() -> hook.view().sent() == 2);
        assertThat(received)
                .extracting(one -> one.body().path("data").path("role").asString(""))
                .containsExactly("client", "server");
    }

    @Test
    void aRemoteThatStaysAwayIsTold() {
        Webhook hook = open(PRESENCE, Duration.ofMillis(50), 10);
        webhooks.happened(event(Event.Type.REMOTE_DOWN, "home"));
        await().until(() -> hook.view().sent() == 1);
        webhooks.happened(event(Event.Type.REMOTE_UP, "home"));
        await().until(() -> hook.view().sent() == 2);
        assertThat(received)
                .extracting(Received::event)
                .containsExactly("io.portproxy.remote-down home", "io.portproxy.remote-up home");
    }

    @Test
    void anAbsenceThatIsOverBeforeTheReceiverAnswersIsTold() {
        hanging = new CountDownLatch(1);
        Webhook hook = open(PRESENCE, Duration.ofMillis(50), 10);
        webhooks.happened(event(Event.Type.REMOTE_UP, "first"));
        await().until(() -> received.size() == 1);
        webhooks.happened(event(Event.Type.REMOTE_DOWN, "home"));
        await().until(() -> hook.view().waiting() == 2);
        webhooks.happened(event(Event.Type.REMOTE_UP, "home"));
        webhooks.happened(event(Event.Type.REMOTE_DOWN, "home"));
        await().until(() -> hook.view().waiting() == 4);
        hanging.countDown();
        await().until(() -> hook.view().sent() == 4);
        assertThat(received)
                .extracting(Received::event)
                .containsExactly(
                        "io.portproxy.remote-up first",
                        "io.portproxy.remote-down home",
                        "io.portproxy.remote-up home",
                        "io.portproxy.remote-down home");
    }

    @Test
    void whatIsLostAtTheEndIsSaidWithAbsencesThatAreDue() {
        hanging = new CountDownLatch(1);
        Webhook hook = open(PRESENCE, Duration.ofMillis(50), 10);
        webhooks.happened(event(Event.Type.REMOTE_UP, "first"));
        await().until(() -> received.size() == 1);
        webhooks.happened(event(Event.Type.REMOTE_DOWN, "home"));
        await().until(() -> hook.view().waiting() == 2);
        try (LogRecorder log = new LogRecorder()) {
            hook.close(0);
            assertThat(log.linesWith("events were not sent"))
                    .singleElement()
                    .asString()
                    .contains("and 2 events");
        }
    }

    @Test
    void oneThatIsTriedAgainIsLostAtTheEndToo() {
        status = attempt -> 503;
        Webhook hook = open(PRESENCE, Duration.ZERO, 10);
        webhooks.happened(event(Event.Type.REMOTE_UP, "home"));
        await().until(() -> hook.view().failed() > 0);
        try (LogRecorder log = new LogRecorder()) {
            webhooks.close();
            assertThat(log.linesWith("events were not sent"))
                    .singleElement()
                    .asString()
                    .contains("and 1 events");
        }
    }

    @Test
    void oneThatFailsIsTriedAgainAndLaterOnesWaitForIt() {
        status = attempt -> attempt < 4 ? 503 : 200;
        Webhook hook = open(PRESENCE, Duration.ZERO, 10);
        webhooks.happened(event(Event.Type.REMOTE_UP, "a"));
        webhooks.happened(event(Event.Type.REMOTE_UP, "b"));
        await().until(() -> hook.view().sent() == 2);
        assertThat(hook.view().failed()).isEqualTo(3);
        assertThat(received)
                .extracting(Received::event)
                .containsExactly(
                        "io.portproxy.remote-up a",
                        "io.portproxy.remote-up a",
                        "io.portproxy.remote-up a",
                        "io.portproxy.remote-up a",
                        "io.portproxy.remote-up b");
        assertThat(received.subList(0, 4))
                .extracting(Received::id)
                .containsOnly(received.get(0).id());
        assertThat(hook.view().trouble()).isEmpty();
    }

    @Test
    void oneThatIsRefusedForGoodIsGivenUp() {
        status = attempt -> attempt == 1 ? 400 : 200;
        Webhook hook = open(PRESENCE, Duration.ZERO, 10);
        webhooks.happened(event(Event.Type.REMOTE_UP, "a"));
        webhooks.happened(event(Event.Type.REMOTE_UP, "b"));
        await().until(() -> hook.view().sent() == 1);
        assertThat(hook.view().gaveUp()).isEqualTo(1);
        assertThat(received)
                .extracting(Received::event)
                .containsExactly("io.portproxy.remote-up a", "io.portproxy.remote-up b");
    }

    @Test
    void aReceiverThatHangsHoldsUpNobodyAndItsQueueIsBounded() {
        hanging = new CountDownLatch(1);
        Webhook hook = open(PRESENCE, Duration.ZERO, 3);
        webhooks.happened(event(Event.Type.REMOTE_UP, "0"));
        await().until(() -> received.size() == 1);
        for (int i = 1; i <= 10; i++) {
            webhooks.happened(event(Event.Type.REMOTE_UP, String.valueOf(i)));
        }
        assertThat(hook.view().dropped()).isEqualTo(7);
        assertThat(hook.view().waiting()).isEqualTo(4);
        hanging.countDown();
        await().until(() -> hook.view().sent() == 4);
    }

    @Test
    void aTestGoesPastTheQueueAndSaysWhatWasAnswered() throws Exception {
        status = attempt -> 418;
        Webhook hook = open(PRESENCE, Duration.ZERO, 3);
        Webhook.Tested tested = hook.test();
        assertThat(tested.taken()).isFalse();
        assertThat(tested.status()).isEqualTo(418);
        assertThat(tested.message()).isEqualTo("it answered 418");
        assertThat(received).extracting(Received::event).containsExactly("io.portproxy.test ");
        status = attempt -> 200;
        assertThat(hook.test().taken()).isTrue();
        assertThat(hook.view().sent()).isZero();
    }

    @Test
    void anAnswerThatDoesNotEndIsNoneAndLaterEventsAreSent() throws Exception {
        timeout = Duration.ofMillis(500);
        stalls = true;
        status = attempt -> 400;
        Webhook hook = open(PRESENCE, Duration.ZERO, 10);
        Webhook.Tested tested = hook.test();
        assertThat(tested.taken()).isFalse();
        assertThat(tested.message()).isEqualTo("its answer was not complete within 500 ms");
        webhooks.happened(event(Event.Type.REMOTE_UP, "a"));
        await().until(() -> hook.view().failed() > 0);
        stalls = false;
        status = attempt -> 200;
        webhooks.happened(event(Event.Type.REMOTE_UP, "b"));
        await().until(() -> hook.view().sent() == 2);
    }

    @Test
    void whereNobodyListensThatIsSaidWithoutTheSecretOfTheUrl() throws Exception {
        Webhook hook = open(PRESENCE, Duration.ZERO, 3);
        receiver.stop(0);
        Webhook.Tested tested = hook.test();
        assertThat(tested.taken()).isFalse();
        assertThat(tested.status()).isZero();
        assertThat(tested.message()).isNotEmpty().doesNotContain("secret");
        assertThat(hook.view().place())
                .isEqualTo("http://127.0.0.1:" + receiver.getAddress().getPort());
        assertThat(settings("hook", PRESENCE, Duration.ZERO, 1).toString()).doesNotContain("secret");
    }
}
