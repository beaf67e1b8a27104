import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** One node in one process, without security: TestNode HOME key=value... It ends when its standard input is closed. */
public class TestNode extends Node {
    private static final List<String> MODULES = List.of(
        "org.opensearch.transport.Netty4ModulePlugin",
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "org.opensearch.painless.PainlessModulePlugin",
        "org.opensearch.join.ParentJoinModulePlugin");
    private static final String LOGGING = """
        status = error
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
        rootLogger.level = info
        rootLogger.appenderRef.console.ref = console
        """;

    private TestNode(Environment environment, List<PluginInfo> modules) {
        super(environment, modules, true);
    }

    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().start(TestNode::endWithTheTests);
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path config = Files.createDirectories(home.resolve("config"));
        Files.writeString(config.resolve("log4j2.properties"), LOGGING);
        Settings.Builder settings = Settings.builder().put("path.home", home.toString());
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            String[] pair = argument.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), config, () -> "node");
        LogConfigurator.registerErrorListener();
        LogConfigurator.setNodeName(Node.NODE_NAME_SETTING.get(environment.settings()));
        LogConfigurator.configure(environment);
        Files.createDirectories(environment.modulesDir());
        Files.createDirectories(environment.pluginsDir());
        String java = Integer.toString(Runtime.version().feature());
        List<PluginInfo> modules = new ArrayList<>();
        for (String name : MODULES)
            modules.add(new PluginInfo(name, "module", "NA", Version.CURRENT, java, name, List.of(), false));
        new TestNode(environment, modules).start();
        Thread.currentThread().join();
    }

    /** The tests hold the other end of standard input, which the system closes however they end. */
    private static void endWithTheTests() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException closed) {
        }
        Runtime.getRuntime().halt(0);
    }
}
