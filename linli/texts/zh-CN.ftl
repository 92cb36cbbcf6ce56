# 命令行自己说的话。

cli-schema-behind = 数据库结构需要升级：请先备份（linli backup），再运行 linli migrate。
cli-cannot-listen = 不能在 { $address } 上监听：{ $reason }
cli-certificate = 证书文件 { $file } 不能使用：{ $reason }
cli-demo-other = 文件夹 { $dir } 里不是演示数据，没有改动。请用 --dir 指定另一个文件夹。
cli-demo-schema = 文件夹 { $dir } 里的演示由另一个版本建立。请删除它，或用 --dir 指定另一个文件夹。
cli-demo-file = 文件夹 { $dir } 里的 demo.json 不能读取，请删除这个文件夹后重新生成演示。
cli-demo-building = 正在 { $dir } 建立演示：{ $residents } 名居民，{ $months } 个月。
cli-demo-reused = 使用 { $dir } 里已有的演示：{ $residents } 名居民，{ $months } 个月（{ $built } 建立）。要重新生成，请删除这个文件夹。
cli-demo-stage-town = 让街道生活 { $months } 个月
cli-demo-stage-schema = 建立数据库
cli-demo-stage-territory = 村居与微网格
cli-demo-stage-accounts = 工作人员与账号
cli-demo-stage-premises = 地址、单位、房屋
cli-demo-stage-residents = 居民登记
cli-demo-stage-history = 几个月来的变更与走访
cli-demo-stage-surveys = 每月达标测查
cli-demo-stage-tasks = 待办任务
cli-demo-stage-scores = 各月考核
cli-demo-stage-truth = 真实情况另存
cli-demo-sign-ins = 每种角色一个登录名，口令都是 { $password }
cli-ready = 已在 { $address } 提供服务（启动用时 { $seconds } 秒）。按 Ctrl-C 结束。
error-fonts-missing = 没有可用的中文字体，不能生成文书。请在配置里设置 font_dir，或把发布包中的 assets/fonts 复制到数据文件夹的 fonts 下。
