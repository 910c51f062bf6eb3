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
 * Has lines of the log wait in a queue while the application runs, so that no event loop waits for a terminal, a pipe or a disk
 * that takes none. Whatever the log was set up to write to is put behind a queue of its own. The start and the end of the stop
 * write at once: what went wrong there must be seen.
 */
public final class LogQueue implements SmartLifecycle, DisposableBean {
    public static final int LEAST = 256;
    public static final int MOST = 1_000_000;

    /** For how long the stop waits for lines to be taken. */
    private static final int FLUSH_MILLIS = 1_000;

    private final int size;
    private final LongAdder dropped = new LongAdder();
    private final List<Wrapped> wrapped = new ArrayList<>(); // by the thread that starts and stops
    private volatile boolean running;

    private record Wrapped(Logger logger, Appender<ILoggingEvent> direct, Queue queue) {}

    /** @param size lines that may wait, {@value #LEAST} to {@value #MOST} */
    public LogQueue(int size) {
        this.size = size;
    }

    /** Lines that were dropped since the start. Any thread. */
    public long dropped() {
        return dropped.sum();
    }

    /** Whether all lines were written that were logged. The thread that starts and stops. */
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

    /** Waits a little for what waits, then lets lines be written at once again; but not where none are taken. */
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

    /** A start that fails has not been told to stop. */
    @Override
    public void destroy() {
        stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the event loops, and until all others have ended. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Logback's own queue, which does not say what it drops. It keeps a fifth of its room for warnings and errors. */
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

        /** One at a time, so that each that finds no room is counted. */
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
                        "{} lines of the log are missing here: they came faster than the log was taken (portproxy.log-queue)",
                        null,
                        new Object[] {lines}));
            }
        }
    }

    /** What the queue writes to. It outlives the queue, which would stop it. */
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
