package io.portproxy.admin.events;

import java.time.Duration;

/**
 * The limits for events and their subscribers.
 *
 * @param kept how many events are kept for subscribers that come later or read slowly, and how many rare events
 *     in addition; positive
 * @param maxSubscribers how many programs may listen at a time; positive
 * @param heartbeatInterval the longest time without data for a subscriber; positive
 */
public record EventSettings(int kept, int maxSubscribers, Duration heartbeatInterval) {}
