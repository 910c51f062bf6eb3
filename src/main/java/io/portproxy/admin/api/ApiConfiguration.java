package io.portproxy.admin.api;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@Import({
    BansController.class,
    Certificates.class,
    CertificatesController.class,
    ConfigController.class,
    ConnectionsController.class,
    ConnectionsEndpoint.class,
    DescriptionController.class,
    GatewaysController.class,
    MeController.class,
    Operations.class,
    PortsController.class,
    PortsEndpoint.class,
    ProcessController.class,
    ProcessWarnings.class,
    RemotesController.class,
    RemotesEndpoint.class,
    Throughput.class,
    ThroughputController.class,
    Times.class,
    UsageController.class,
    WebhooksController.class
})
public class ApiConfiguration {}
