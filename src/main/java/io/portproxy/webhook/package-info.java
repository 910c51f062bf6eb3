/**
 * Tells other programs by HTTP what happens here: {@link io.portproxy.webhook.Webhooks} hears all events, and each
 * {@link io.portproxy.webhook.Webhook} sends those that it is for, from a queue and a thread of its own.
 */
@NullMarked
package io.portproxy.webhook;

import org.jspecify.annotations.NullMarked;
