package io.portproxy.config;

import org.springframework.context.SmartLifecycle;

/**
 * Ends the roles when the context begins to stop, while the web server still answers: an operator sees what the stop waits
 * for, and can close it. Readiness is down by then, as Spring Boot takes it away before anything stops. Blocks its thread,
 * so that Spring's own limit for a phase does not cut the grace short.
 */
final class Drain implements SmartLifecycle {
    private final RuntimeLifecycle roles;
    private volatile boolean running;

    Drain(RuntimeLifecycle roles) {
        this.roles = roles;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        roles.drain();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Last of all to start, so the first to stop. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }
}
