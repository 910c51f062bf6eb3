package io.portproxy.config.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.FaultyLoops;
import io.portproxy.net.MemoryBudget;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.support.GenericApplicationContext;

class BrokenProcessTest {
    @Test
    void endsTheProcessThatHasLostAnEventLoop() {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        CompletableFuture<LivenessState> whileItStops = new CompletableFuture<>();
        ApplicationAvailabilityBean availability = new ApplicationAvailabilityBean();
        GenericApplicationContext context = new GenericApplicationContext();
        context.addApplicationListener(availability);
        context.registerBean(AutoCloseable.class, () -> () -> whileItStops.complete(availability.getLivenessState()));
        context.refresh();
        try (EventLoopGroup loops =
                FaultyLoops.of("broken ", 2, new MemoryBudget(1 << 30), BrokenProcessTest::broken)) {
            loops.start(new BrokenProcess(context, exitCode::complete));

            await().until(() -> {
                loops.next().executeUnlessEnded(() -> {});
                return exitCode.isDone();
            });

            assertThat(exitCode).isCompletedWithValue(70);
            assertThat(whileItStops).isCompletedWithValue(LivenessState.BROKEN);
            assertThat(context.isActive()).isFalse();
        }
    }

    @Test
    void endsItAlsoWhereTheStopGoesWrong() {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        GenericApplicationContext unwilling = new GenericApplicationContext() {
            @Override
            public void publishEvent(ApplicationEvent event) {
                throw new IllegalStateException("on purpose");
            }
        };

        assertThatThrownBy(() -> new BrokenProcess(unwilling, exitCode::complete).run())
                .isInstanceOf(IllegalStateException.class);

        assertThat(exitCode).isCompletedWithValue(70);
    }

    private static long broken() {
        if (Thread.currentThread().getName().startsWith("broken ")) {
            throw new InternalError("on purpose");
        }
        return System.nanoTime();
    }
}
