package io.portproxy.config.process;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Puts the lines of the log into queues while the application runs, so that no event loop waits for a slow or blocked terminal,
 * pipe or disk. Each appender of the log gets a queue of its own. During the start and at the end of the stop, lines are written
 * at once, so that errors there are not lost.
 */
public final class LogQueue implements SmartLifecycle, DisposableBean {
    /** The lowest number of lines that a queue may hold. */
    public static final int LEAST = 256;
    /** The highest number of lines that a queue may hold. */
    public static final int MOST = 1_000_000;

    /** How long the stop waits until the queue is empty. */
    private static final int FLUSH_MILLIS = 1_000;

    private final int size;
    private final LongAdder dropped = new LongAdder();
    private final List<Wrapped> wrapped = new ArrayList<>(); // only the thread that starts and stops
    private volatile boolean running;

    private record Wrapped(Logger logger, Appender<ILoggingEvent> direct, Queue queue) {}

    /** @param size the most lines in the queue, {@value #LEAST} to {@value #MOST} */
    public LogQueue(int size) {
        this.size = size;
    }

    /** Returns the number of lines that were dropped since the start. Any thread. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns whether all logged lines have been written. Only the thread that starts and stops calls this. */
    public boolean hasWrittenAll() {
        return wrapped.stream().map(Wrapped::queue).allMatch(Queue::hasWrittenAll);
    }

    @Override
    public void start() {
        running = true;
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            for (Logger logger : context.getLoggerList()) {
                List<Appender<ILoggingEvent>> direct = new ArrayList<>();
                logger.iteratorForAppenders().forEachRemaining(direct::add);
                direct.stream()
                        .filter(appender -> !(appender instanceof Queue))
                        .forEach(appender -> wrap(logger, appender));
            }
        }
    }

    private void wrap(Logger logger, Appender<ILoggingEvent> direct) {
        Queue queue = new Queue(direct);
        logger.addAppender(queue);
        logger.detachAppender(direct);
        wrapped.add(new Wrapped(logger, direct, queue));
    }

    /**
     * Waits a short time for the queued lines, then makes the log write at once again. If an appender still takes no lines, its
     * queue stays in place.
     */
    @Override
    public void stop() {
        for (Wrapped each : wrapped) {
            each.queue.stop();
            if (each.queue.hasWrittenAll() && each.logger.detachAppender(each.queue)) {
                each.queue.tellOfDropped(each.direct::doAppend);
                each.logger.addAppender(each.direct);
            }
        }
        wrapped.clear();
        running = false;
    }

    /** Also stops after a failed start, for which Spring does not call {@link #stop}. */
    @Override
    public void destroy() {
        stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before the event loops, and stops after everything else. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Logback's own queue, with a report of the lines that it drops. It keeps a fifth of its space for warnings and errors. */
    private final class Queue extends AsyncAppender {
        private final Logger told;
        private final AtomicLong untold = new AtomicLong();
        private final Behind behind;

        Queue(Appender<ILoggingEvent> direct) {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            this.told = context.getLogger(LogQueue.class);
            setContext(context);
            setName(direct.getName() + "-QUEUE");
            setQueueSize(size);
            setNeverBlock(true);
            setMaxFlushTime(FLUSH_MILLIS);
            behind = new Behind(direct);
            addAppender(behind);
            start();
        }

        boolean hasWrittenAll() {
            return getNumberOfElementsInQueue() == 0 && !behind.writing;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (getRemainingCapacity() < getDiscardingThreshold()) {
                appendToCrowded(event);
                return;
            }
            if (untold.get() > 0 && getRemainingCapacity() > getQueueSize() / 2) {
                tellOfDropped(super::append);
            }
            super.append(event);
        }

        /** Handles one line at a time, so that each dropped line is counted. */
        private synchronized void appendToCrowded(ILoggingEvent event) {
            if (isDiscardable(event) || getRemainingCapacity() == 0) {
                untold.incrementAndGet();
                dropped.increment();
            } else {
                super.append(event);
            }
        }

        void tellOfDropped(Consumer<ILoggingEvent> to) {
            long lines = untold.getAndSet(0);
            if (lines > 0) {
                to.accept(new LoggingEvent(
                        LogQueue.class.getName(),
                        told,
                        Level.WARN,
                        "{} lines of the log are missing here: they came faster than the log could be written (portproxy.log-queue)",
                        null,
                        new Object[] {lines}));
            }
        }
    }

    /**
     * Passes lines from the queue to the real appender. A queue that stops also stops its appender: this one instead of the real
     * one.
     */
    private static final class Behind extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final Appender<ILoggingEvent> direct;
        volatile boolean writing;

        Behind(Appender<ILoggingEvent> direct) {
            this.direct = direct;
            setName(direct.getName());
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            writing = true;
            direct.doAppend(event);
            writing = false;
        }
    }
}
