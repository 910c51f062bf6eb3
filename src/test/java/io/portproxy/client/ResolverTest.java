package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests which questions wait for each other while the name service hangs. */
class ResolverTest {
    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger lookUps = new AtomicInteger();
    private final EventLoopGroup loops = new EventLoopGroup("resolving-", 1, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();
    private final List<Resolver> resolvers = new ArrayList<>();

    @BeforeEach
    void start() {
        loops.start();
    }

    @AfterEach
    void stop() {
        answers.countDown();
        resolvers.forEach(Resolver::close);
        loops.close();
    }

    private Resolver resolver(Duration patience) {
        Resolver resolver = new Resolver(this::lookUp, patience, Resolver::thread);
        resolvers.add(resolver);
        return resolver;
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        lookUps.incrementAndGet();
        if (host.startsWith("hanging")) {
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private CompletableFuture<String> ask(Resolver resolver, String host) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loop.execute(() -> resolver.resolve(
                host,
                loop,
                found -> answer.complete(found[0].getHostAddress()),
                failed -> answer.complete(failed.getMessage())));
        return answer;
    }

    private void askInVain(Resolver resolver, String host) {
        CompletableFuture<String> unused = ask(resolver, host);
    }

    private static String awaited(CompletableFuture<String> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aNumericAddressWaitsForNobody() throws Exception {
        Resolver resolver = resolver(Duration.ofMinutes(1));
        for (int i = 0; i < 2 * Resolver.MAX_THREADS; i++) {
            askInVain(resolver, "hanging" + i);
        }
        assertThat(awaited(ask(resolver, "192.0.2.7"))).isEqualTo("192.0.2.7");
        assertThat(awaited(ask(resolver, "2001:db8::7"))).isEqualTo("2001:db8:0:0:0:0:0:7");
    }

    @Test
    void aNameDoesNotWaitForOthersThatHangHoweverManyAskForThese() throws Exception {
        Resolver resolver = resolver(Duration.ofMinutes(1));
        for (int name = 0; name < Resolver.MAX_THREADS - 1; name++) {
            for (int i = 0; i < 100; i++) {
                askInVain(resolver, "hanging" + name);
            }
        }
        assertThat(awaited(ask(resolver, "prompt"))).isEqualTo("127.0.0.1");
    }

    @Test
    void allWhoAskForANameMeanwhileGetOneAnswer() throws Exception {
        Resolver resolver = resolver(Duration.ofMinutes(1));
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            asked.add(ask(resolver, "hanging"));
        }
        await().until(() -> lookUps.get() == 1);
        CompletableFuture<Void> all = new CompletableFuture<>();
        loop.execute(() -> all.complete(null)); // the loop has handled all questions
        all.get(30, TimeUnit.SECONDS);
        answers.countDown();
        for (CompletableFuture<String> answer : asked) {
            assertThat(awaited(answer)).isEqualTo("127.0.0.1");
        }
        assertThat(lookUps.get()).isEqualTo(1);
        assertThat(awaited(ask(resolver, "hanging"))).as("asked anew").isEqualTo("127.0.0.1");
        assertThat(lookUps.get()).isEqualTo(2);
    }

    @Test
    void anAnswerIsNotLostWhenTheLoopHasTooManyTasks() throws Exception {
        Resolver resolver = resolver(Duration.ofMinutes(1));
        CompletableFuture<String> answer = ask(resolver, "hanging");
        await().until(() -> lookUps.get() == 1);
        CountDownLatch busy = new CountDownLatch(1);
        loop.execute(() -> awaitUninterruptibly(busy));
        while (loop.tryExecute(() -> {})) {
            // fill the loop's queue
        }
        answers.countDown();
        await().until(() -> resolvingThreads() == 0 || answer.isDone());
        busy.countDown();
        assertThat(awaited(answer)).isEqualTo("127.0.0.1");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the number of threads that are looking up a name. Idle threads do not count. */
    private static long resolvingThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals("resolver"))
                .filter(entry -> java.util.Arrays.stream(entry.getValue())
                        .anyMatch(frame -> frame.getClassName().contains("Question")))
                .count();
    }

    @Test
    void aNameThatHangsIsLookedUpAnewButABoundedNumberOfTimes() throws Exception {
        Resolver resolver = resolver(Duration.ZERO);
        for (int i = 0; i < Resolver.MAX_PER_NAME; i++) {
            askInVain(resolver, "hanging");
        }
        assertThat(awaited(ask(resolver, "hanging"))).contains("has answered none of the last 4 questions");
        assertThat(awaited(ask(resolver, "prompt"))).isEqualTo("127.0.0.1");
    }
}
