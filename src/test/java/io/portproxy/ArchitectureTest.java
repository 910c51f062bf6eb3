package io.portproxy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tests the layout of the packages: which other packages and which libraries each of them may use. A package without classes passes.
 *
 * <p>The packages, from the bottom up: {@code protocol}, {@code acme}, {@code usage} and {@code net}, {@code mux} and {@code http}, {@code tunnel},
 * {@code server}, {@code client} and {@code webhook}, {@code manage}, {@code store} beside {@code admin} and {@code metrics}, {@code config},
 * {@code demo} beside {@code cli}.
 */
@AnalyzeClasses(packages = ArchitectureTest.BASE, importOptions = ArchitectureTest.NoTests.class)
class ArchitectureTest {
    static final String BASE = "io.portproxy";
    private static final String SLF4J = "org.slf4j..";

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching(BASE + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingUsesTheMainClass = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(PortProxyApplication.class)
            .as("nothing should use the main class");

    // The packages without Spring may use the JDK and what is named here.

    @ArchTest
    static final ArchRule protocolUsesTheJdkAlone = usesOnly("protocol");

    @ArchTest
    static final ArchRule muxUsesProtocol = usesOnly("mux", ours("protocol"));

    @ArchTest
    static final ArchRule netUsesNoOtherPackage = usesOnly("net", SLF4J, "tlschannel..", "com.amazon.corretto..");

    @ArchTest
    static final ArchRule netDoesNotKnowTls = doesNotKnow("net", "net.tls");

    @ArchTest
    static final ArchRule tunnelUsesProtocolMuxAndNet =
            usesOnly("tunnel", ours("protocol"), ours("mux"), ours("net"), SLF4J);

    @ArchTest
    static final ArchRule httpUsesNetAndJettysParser = usesOnly("http", ours("net"), SLF4J, "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule serverUsesTunnelAndBelowButNotClient = usesOnly(
            "server", ours("tunnel"), ours("http"), ours("net"), ours("mux"), ours("protocol"), ours("usage"), SLF4J);

    @ArchTest
    static final ArchRule clientUsesTunnelAndBelowButNotServer =
            usesOnly("client", ours("tunnel"), ours("net"), ours("mux"), ours("protocol"), SLF4J);

    @ArchTest
    static final ArchRule exposedPortsDoNotKnowTheServer = noClasses()
            .that()
            .resideInAPackage(ours("server.exposed"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE + ".server");

    @ArchTest
    static final ArchRule connectionsOfUsersDoNotKnowWhereTheyGo = noClasses()
            .that()
            .resideInAPackage(ours("server.exposed.user"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".server.exposed", ours("server.exposed.gateway"));

    @ArchTest
    static final ArchRule exposedPortsDoNotKnowGateways = doesNotKnow("server.exposed", "server.exposed.gateway");

    @ArchTest
    static final ArchRule manageUsesTheServerAndBelow =
            usesOnly("manage", ours("server"), ours("tunnel"), ours("net"), ours("protocol"), ours("usage"), SLF4J);

    @ArchTest
    static final ArchRule usageUsesNoOtherPackage = usesOnly("usage", SLF4J);

    @ArchTest
    static final ArchRule acmeUsesItsLibraryAndNothingOfOurs =
            usesOnly("acme", SLF4J, "org.shredzone.acme4j..", "org.bouncycastle..");

    @ArchTest
    static final ArchRule webhooksUseWhatEventsAre =
            usesOnly("webhook", ours("tunnel.telemetry"), SLF4J, "tools.jackson..");

    @ArchTest
    static final ArchRule theLibraryForAcmeStaysThere = noClasses()
            .that()
            .resideOutsideOfPackage(ours("acme"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.shredzone..", "org.bouncycastle..", "org.jose4j..");

    // The packages with Spring may use any library. Of our packages they may use only those named here.

    @ArchTest
    static final ArchRule adminUsesTheRolesAndBelow = usesOfOursOnly(
            "admin", "usage", "acme", "webhook", "manage", "server", "client", "tunnel", "net", "protocol");

    @ArchTest
    static final ArchRule metricsUseTheRolesAndWhatTheyShow = usesOfOursOnly(
            "metrics", "usage", "acme", "webhook", "manage", "server", "client", "tunnel", "net", "protocol");

    @ArchTest
    static final ArchRule storeUsesManageUsageAndProtocol = usesOfOursOnly("store", "manage", "usage", "protocol");

    @ArchTest
    static final ArchRule demoUsesConfigNetAndTheRoles = usesOfOursOnly("demo", "config", "net", "server", "client");

    @ArchTest
    static final ArchRule cliUsesConfigManageAndWhatTheClientTells =
            usesOfOursOnly("cli", "config", "manage", "client", "protocol");

    @ArchTest
    static final ArchRule springAndMicrometerStayAtTheRim = noClasses()
            .that()
            .resideOutsideOfPackages(
                    BASE, ours("admin"), ours("metrics"), ours("store"), ours("config"), ours("demo"), ours("cli"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "io.micrometer..", "io.prometheus..")
            .allowEmptyShould(true);

    // The boundaries inside config and admin: the parts do not know the package that wires them together.

    @ArchTest
    static final ArchRule partsOfConfigFormNoCycle = partsFormNoCycle("config");

    @ArchTest
    static final ArchRule partsOfConfigDoNotKnowWhatIsWired = partsDoNotKnowWhatIsAbove("config");

    @ArchTest
    static final ArchRule propertiesKnowNoOtherPartOfConfig =
            noneOf("config", "properties", "bind", "check", "definition", "problem", "process", "source", "tls");

    @ArchTest
    static final ArchRule problemsKnowOnlyTheProperties =
            noneOf("config", "problem", "bind", "check", "definition", "process", "source", "tls");

    @ArchTest
    static final ArchRule definitionsKnowOnlyPropertiesAndProblems =
            noneOf("config", "definition", "bind", "check", "process", "source", "tls");

    @ArchTest
    static final ArchRule partsOfAdminFormNoCycle = partsFormNoCycle("admin");

    @ArchTest
    static final ArchRule partsOfAdminDoNotKnowWhatIsWired = partsDoNotKnowWhatIsAbove("admin");

    @ArchTest
    static final ArchRule securityKnowsNeitherApiNorEvents = noneOf("admin", "security", "api", "events", "manage");

    @ArchTest
    static final ArchRule eventsKnowNeitherApiNorSecurity = noneOf("admin", "events", "api", "manage", "security");

    @ArchTest
    static final ArchRule problemsKnowNoOtherPartOfAdmin =
            noneOf("admin", "problem", "api", "events", "manage", "security");

    // These rules keep protocol and mux free of I/O and clocks, so that a test can step them.

    @ArchTest
    static final ArchRule protocolAndMuxDoNoIo = noClasses()
            .that()
            .resideInAnyPackage(ours("protocol"), ours("mux"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.channels..", "java.util.logging..")
                    .or(nameMatching("java\\.net\\..*(Socket|Channel).*")))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule protocolAndMuxReadNoClock = noClasses()
            .that()
            .resideInAnyPackage(ours("protocol"), ours("mux"))
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .allowEmptyShould(true);

    // The data path: each part uses its neighbours through narrow interfaces.

    @ArchTest
    static final ArchRule streamsKnowNeitherTheConnectionNorWhatIsCounted = noClasses()
            .that()
            .resideInAPackage(ours("tunnel.stream"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".tunnel", ours("tunnel.connection"), ours("tunnel.telemetry"));

    @ArchTest
    static final ArchRule theConnectionKnowsNoStreamAndNothingThatIsCounted = noClasses()
            .that()
            .resideInAPackage(ours("tunnel.connection"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(BASE + ".tunnel", ours("tunnel.telemetry"), ours("tunnel.stream"))
                    .and(DescribedPredicate.not(
                            nameMatching(".*\\.(StreamOutput|DatagramOutput|DatagramDrop)(\\$.*)?"))));

    @ArchTest
    static final ArchRule telemetryKnowsNoConnection = noClasses()
            .that()
            .resideInAPackage(ours("tunnel.telemetry"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".tunnel", ours("tunnel.connection"));

    @ArchTest
    static final ArchRule noClassOfTheDataPathReachesBack =
            slices().assignedFrom(new DataPathClasses()).should().beFreeOfCycles();

    /** Makes each top-level class of the data path a slice. */
    private static final class DataPathClasses implements SliceAssignment {
        /** Classes that count as one: a sealed class and its permitted subclasses, and a type and its implementation, refer to each other. */
        private static final Map<String, String> ONE = Map.of(
                BASE + ".mux.ClassicSession", BASE + ".mux.Session",
                BASE + ".mux.ExtendedSession", BASE + ".mux.Session",
                BASE + ".net.PlainTransport", BASE + ".net.Transport");

        private static final Set<String> PACKAGES =
                Set.of("protocol", "tunnel", "mux", "net", "http", "server", "client");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getName().replaceFirst("\\$.*", "");
            boolean ours = PACKAGES.stream().anyMatch(part -> name.startsWith(BASE + "." + part + "."));
            return ours ? SliceIdentifier.of(ONE.getOrDefault(name, name)) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "the classes of the data path";
        }
    }

    private static String ours(String name) {
        return BASE + "." + name + "..";
    }

    /** Returns the rule that a package does not use another one. Packages inside the first one are not checked. */
    private static ArchRule doesNotKnow(String name, String other) {
        return noClasses()
                .that()
                .resideInAPackage(BASE + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ours(other));
    }

    private static ArchRule partsFormNoCycle(String name) {
        return slices().matching(BASE + "." + name + ".(*)..").should().beFreeOfCycles();
    }

    private static ArchRule partsDoNotKnowWhatIsAbove(String name) {
        return noClasses()
                .that()
                .resideInAPackage(BASE + "." + name + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "." + name);
    }

    /** Returns the rule that one part of a package uses none of the named other parts. */
    private static ArchRule noneOf(String name, String part, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(ours(name + "." + part))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Stream.of(others).map(other -> ours(name + "." + other)).toArray(String[]::new));
    }

    private static ArchRule usesOnly(String name, String... allowed) {
        Stream<String> always = Stream.of(
                ours(name),
                "java..",
                "javax.net..",
                "jdk.net..",
                "javax.crypto..",
                "javax.naming..", // for the names in certificates
                "javax.security..",
                "org.jspecify..");
        return classes()
                .that()
                .resideInAPackage(ours(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(always, Stream.of(allowed)).toArray(String[]::new))
                .allowEmptyShould(true);
    }

    private static ArchRule usesOfOursOnly(String name, String... allowed) {
        Stream<String> own = Stream.concat(Stream.of(name), Stream.of(allowed)).map(ArchitectureTest::ours);
        return classes()
                .that()
                .resideInAPackage(ours(name))
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage(BASE + "..").or(resideInAnyPackage(own.toArray(String[]::new))))
                .allowEmptyShould(true);
    }

    /** Leaves out test classes. ArchUnit's own option expects them in a folder named {@code target}; ours may have another name. */
    static final class NoTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }
}
