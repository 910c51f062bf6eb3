package io.portproxy.demo;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@Import({DemoTargets.class, DemoTraffic.class, Trial.class})
public class DemoConfiguration {}
