package io.portproxy.config.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class LogQueueTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("test.log-queue");
    private final Slow slow = new Slow();
    private final LogQueue queue = new LogQueue(LogQueue.LEAST);

    /** An appender that writes nothing until the test releases it. */
    private static final class Slow extends AppenderBase<ILoggingEvent> {
        private final CountDownLatch taken = new CountDownLatch(1);
        private final CountDownLatch reached = new CountDownLatch(1);
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            reached.countDown();
            boolean interrupted = false;
            while (true) {
                try {
                    taken.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    }

    @BeforeEach
    void log() {
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
        slow.setContext(logger.getLoggerContext());
        slow.start();
        logger.addAppender(slow);
        queue.start();
    }

    @AfterEach
    void restore() {
        slow.taken.countDown();
        queue.stop();
        logger.detachAndStopAllAppenders();
    }

    @Test
    void nobodyWaitsForALogThatIsNotTakenAndWhatIsDroppedIsCountedAndTold() throws InterruptedException {
        int lines = 10_000;
        for (int i = 0; i < lines; i++) {
            logger.debug("line {}", i);
        }
        assertThat(slow.reached.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.dropped())
                .isBetween((long) lines - 2 * LogQueue.LEAST - 1, (long) lines); // the writer holds as many again
        logger.warn("this still has room");

        slow.taken.countDown();
        await().until(() -> slow.lines.contains("WARN this still has room"));
        logger.info("it moves again");
        await().until(() -> slow.lines.contains("INFO it moves again"));

        assertThat(slow.lines)
                .anyMatch(
                        line -> line.matches("WARN [0-9]+ lines of the log are missing here: .*portproxy.log-queue.*"));
        assertThat(slow.lines.stream().filter(line -> line.startsWith("DEBUG")).count() + queue.dropped())
                .isEqualTo(lines);
    }

    @Test
    void whatWaitsAtTheStopIsWrittenAndThenLinesAreWrittenAtOnce() throws InterruptedException {
        logger.info("first");
        assertThat(slow.reached.await(10, TimeUnit.SECONDS)).isTrue();
        logger.info("last");
        slow.taken.countDown();
        queue.stop();
        assertThat(slow.lines).containsExactly("INFO first", "INFO last");

        logger.info("behind it");
        assertThat(slow.lines).endsWith("INFO behind it");
        assertThat(logger.iteratorForAppenders()).toIterable().containsExactly(slow);
    }

    @Test
    void theStopDoesNotWaitForEverNorDoesWhatIsLoggedBehindIt() {
        logger.info("never taken");
        queue.stop();
        logger.error("nor this");
        assertThat(slow.lines).isEmpty();
    }
}
