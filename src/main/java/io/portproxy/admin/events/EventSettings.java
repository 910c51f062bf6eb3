package io.portproxy.admin.events;

import java.time.Duration;

/**
 * The limits of what is told of events.
 *
 * @param kept how many events are kept for subscribers that come later or read slowly, and how many rare ones besides; positive
 * @param maxSubscribers programs that may listen at a time; positive
 * @param heartbeatInterval how long one that listens may hear nothing; positive
 */
public record EventSettings(int kept, int maxSubscribers, Duration heartbeatInterval) {}
