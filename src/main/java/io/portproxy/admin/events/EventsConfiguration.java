package io.portproxy.admin.events;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@Import({EventStreams.class, EventsController.class})
public class EventsConfiguration {}
